import {
  type FinishedJob,
  grid,
  inProcess,
  memorySweep,
  type Runner,
  readRows,
  SweepError,
  type SweepEvent,
  type SweepFunction,
  sweep,
} from 'tfjs-prune/sweep'
import { expect, test } from 'vitest'

const jobs = grid({ set: ['a', 'b'], seed: [1, 2, 3] })
type Point = (typeof jobs)[number]['point']
const square = ({ seed }: Point) => ({ square: seed * seed })

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`

/** Ends jobs in the reverse order, each twice. */
const backwards: Runner = {
  name: 'a test',
  takesFunctions: true,
  run: async (list, context) => {
    for (const { key, point } of [...list].reverse()) {
      const rows = [await context.function!(point, {} as never)].flat()
      const facts = { attempts: 1, seconds: 0, finishedAt: '2026-01-01T00:00:00.000Z', worker: 'w' }
      await context.finish({ key, point, rows, ...facts })
      await context.finish({ key, point, rows: [{ square: -1 }], ...facts })
    }
  },
}

test('sweep gives a row a job, knobs beside figures, in the order of the jobs', async () => {
  const expected = jobs.map(({ point }) => ({ ...point, square: point.seed ** 2 }))
  const { rows, failed, skipped, others } = await sweep(jobs, { module: square })
  expect([rows, failed, skipped, others]).toEqual([expected, [], 0, 0])
})

test('sweep keeps the order of the jobs and drops second outcomes', async () => {
  const store = memorySweep()
  const { rows } = await sweep(jobs, { module: square, runner: backwards, store })
  expect(rows).toEqual(jobs.map(({ point }) => ({ ...point, square: point.seed ** 2 })))
  expect((await store.read()).map(({ key }) => key)).toEqual(jobs.map(({ key }) => key).reverse())
})

test('sweep takes several rows of a job, and none', async () => {
  const levels = ({ seed }: { seed: number }) =>
    Array.from({ length: seed }, (_, level) => ({ level }))
  const { rows } = await sweep(grid({ seed: [0, 2] }), { module: levels })
  expect(rows).toEqual([
    { seed: 2, level: 0 },
    { seed: 2, level: 1 },
  ])
})

test('sweep takes a module by its URL', async () => {
  const module = dataUrl('export default ({ seed }, { key, attempt }) => ({ seen: key, attempt })')
  const { rows } = await sweep(grid({ seed: [1] }), { module, runner: inProcess() })
  expect(rows).toEqual([{ seed: 1, seen: 'seed=1', attempt: 1 }])
})

test('sweep skips finished jobs, and counts outcomes of other jobs', async () => {
  const store = memorySweep()
  await sweep(grid({ set: ['a'], seed: [1, 2, 9] }), { module: square, store })
  const run: string[] = []
  const module: SweepFunction<Point> = (point, { key }) => {
    run.push(key)
    return square(point)
  }
  const { rows, skipped, others } = await sweep(jobs, { module, store })
  expect([skipped, others]).toEqual([2, 1])
  expect(run).toEqual(['seed=3,set=a', 'seed=1,set=b', 'seed=2,set=b', 'seed=3,set=b'])
  expect(rows).toEqual(jobs.map(({ point }) => ({ ...point, square: point.seed ** 2 })))
})

test('sweep keeps errors and runs them again on demand', async () => {
  const store = memorySweep()
  let isBroken = true
  let calls = 0
  const module = (point: Point) => {
    calls++
    if (isBroken && point.seed === 2) throw new RangeError('the loss is not finite')
    return square(point)
  }
  const first = await sweep(jobs, { module, store })
  expect(first.rows).toHaveLength(4)
  expect(first.failed.map(({ key, error }) => [key, error?.name, error?.message])).toEqual([
    ['seed=2,set=a', 'RangeError', 'the loss is not finite'],
    ['seed=2,set=b', 'RangeError', 'the loss is not finite'],
  ])
  expect((await sweep(jobs, { module, store })).failed).toHaveLength(2)
  expect(calls).toBe(6)
  isBroken = false
  const last = await sweep(jobs, { module, store, retryFailed: true })
  expect([last.rows.length, last.failed.length, last.skipped, calls]).toEqual([6, 0, 4, 8])
  expect(await readRows(store)).toHaveLength(6)
})

test('sweep tries a job again, after waits that double', async () => {
  const tries: number[] = []
  const events: SweepEvent[] = []
  const module: SweepFunction<{ seed: number }> = ({ seed }, { attempt }) => {
    if (seed === 1) tries.push(attempt)
    if (seed === 1 && attempt < 3) throw new Error('not yet')
    return { attempt }
  }
  const { rows } = await sweep(grid({ seed: [1, 2] }), {
    ...{ module, attempts: 3, backoffSeconds: 0.01, onEvent: (event) => events.push(event) },
  })
  expect(tries).toEqual([1, 2, 3])
  expect(rows).toEqual([
    { seed: 1, attempt: 3 },
    { seed: 2, attempt: 1 },
  ])
  const finished = events.flatMap((event) => (event.type === 'finished' ? [event] : []))
  expect(finished.map(({ key, outcome }) => [key, outcome.attempts])).toEqual([
    ['seed=2', 1], // ran while the other one waited
    ['seed=1', 3],
  ])
  expect(events.filter(({ type }) => type === 'retried')).toEqual([
    { type: 'retried', key: 'seed=1', attempt: 1, reason: 'not yet' },
    { type: 'retried', key: 'seed=1', attempt: 2, reason: 'not yet' },
  ])
})

test('sweep tells of jobs as they start, go on and end', async () => {
  const events: SweepEvent[] = []
  const module: SweepFunction<{ seed: number }> = ({ seed }, { progress }) => {
    progress(0.5, 'half')
    if (seed === 2) throw new Error('no')
    return {}
  }
  const onEvent = (event: SweepEvent) => events.push(event)
  await sweep(grid({ seed: [1, 2] }), { module, onEvent })
  expect(events.map(({ type }) => type)).toEqual([
    ...['opened', 'started', 'progress', 'finished'],
    ...['started', 'progress', 'finished'],
  ])
  expect(events[0]).toEqual({ type: 'opened', done: 0, failed: 0, of: 2, others: 0 })
  expect(events[2]).toEqual({ type: 'progress', key: 'seed=1', share: 0.5, message: 'half' })
  expect(events.at(-1)).toMatchObject({ key: 'seed=2', done: 2, failed: 1, of: 2, secondsLeft: 0 })
})

test('sweep takes progress that is no share for an error of the job', async () => {
  const shares = ['0.5', 1.5, Number.NaN]
  const module: SweepFunction<{ seed: number }> = ({ seed }, { progress }) => {
    progress(shares[seed] as number)
    return {}
  }
  const { failed } = await sweep(grid({ seed: [0, 1, 2] }), { module })
  const cannot = 'Cannot tell progress: expected share to be in [0, 1], got'
  expect(failed.map(({ error }) => [error!.name, error!.message])).toEqual([
    ['TypeError', `${cannot} "0.5"`],
    ['RangeError', `${cannot} 1.5`],
    ['RangeError', `${cannot} NaN`],
  ])
})

class Tensor {
  readonly dataId = {}
}

test.each<[string, unknown, string]>([
  ['NaN', { fnr: Number.NaN }, 'fnr is NaN'],
  ['an infinity', { of: { fnr: [1, Number.POSITIVE_INFINITY] } }, 'of.fnr[1] is Infinity'],
  ['undefined', { fnr: undefined }, 'fnr is undefined'],
  ['a tensor', { fnr: new Tensor() }, 'fnr is a tensor'],
  ['typed values', { fnr: new Float32Array(1) }, 'fnr is an object of the class Float32Array'],
  ['a number', 3, 'expected an object of figures, or a list of them, got 3'],
  ['nothing', undefined, 'expected an object of figures, or a list of them, got undefined'],
  ['a knob', { seed: 3 }, "expected figures with names of their own, got a knob's, seed"],
])('sweep takes %s in the place of figures for an error of the job', async (_, row, message) => {
  const { rows, failed } = await sweep(grid({ seed: [1] }), { module: () => row as never })
  expect(rows).toEqual([])
  expect(failed[0]!.error!.message).toContain(message)
})

test('sweep ends at an abort, and tells how many jobs are done and kept', async () => {
  const stop = new AbortController()
  const store = memorySweep()
  const module: SweepFunction<Point> = (point, { key }) => {
    if (key === 'seed=3,set=a') stop.abort()
    return square(point)
  }
  const ended = sweep(jobs, { module, store, signal: stop.signal })
  await expect(ended).rejects.toThrow('expected outcomes of 6 jobs, got 3, which are kept')
  const error: unknown = await ended.catch((one: unknown) => one)
  expect(error).toBeInstanceOf(SweepError)
  expect(error).toMatchObject({ name: 'AbortError', counts: { done: 3, failed: 0, of: 6 } })
  expect(await store.read()).toHaveLength(3)
  expect((await sweep(jobs, { module: square, store })).skipped).toBe(3)
})

test('sweep takes no outcome of a job that throws since it was aborted', async () => {
  const stop = new AbortController()
  const store = memorySweep()
  const module: SweepFunction<Point> = (_, { signal }) => {
    stop.abort()
    signal.throwIfAborted()
    return {}
  }
  await expect(sweep(jobs, { module, store, signal: stop.signal })).rejects.toThrow(SweepError)
  expect(await store.read()).toEqual([])
})

test('sweep ends where onEvent or the store throws', async () => {
  const onEvent = () => {
    throw new Error('no room on the page')
  }
  await expect(sweep(jobs, { module: square, onEvent })).rejects.toThrow('no room on the page')
  const store = memorySweep()
  const open: typeof store.open = async (facts) => ({
    ...(await store.open(facts)),
    save: async () => {
      throw new Error('the disk is full')
    },
  })
  const broken = { ...store, open }
  await expect(sweep(jobs, { module: square, store: broken })).rejects.toThrow('the disk is full')
  await sweep(jobs, { module: square, store }) // was closed
})

test('sweep tells an error of closing with its counts, after the outcomes are kept', async () => {
  const store = closingBadly()
  const error = await sweep(jobs, { module: square, store }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SweepError)
  expect(error).toMatchObject({ cause: new Error('it does not close'), counts: { done: 6, of: 6 } })
  expect((error as SweepError).message).toBe(
    'Cannot finish the sweep: expected to end after the outcomes of all 6 jobs, which are kept, got an error: it does not close',
  )
  expect(await store.read()).toHaveLength(6)
})

test('sweep refuses an onEvent that answers with a promise, whose failure ends no process', async () => {
  const onEvent = async () => Promise.reject(new Error('no room on the page'))
  await expect(sweep(jobs, { module: square, onEvent })).rejects.toThrow(
    'expected onEvent to be a function that returns at once, got a promise',
  )
})

test('sweep tells the first error where closing fails too', async () => {
  const onEvent = () => {
    throw new Error('no room on the page')
  }
  const options = { module: square, store: closingBadly() }
  await expect(sweep(jobs, { ...options, onEvent })).rejects.toThrow('no room on the page')
  const [first] = jobs
  const other = { ...first!, point: { set: 'b', seed: 9 } }
  const filled = closingBadly()
  await sweep([first!], { module: square, store: filled }).catch(() => {})
  await expect(sweep([other], { module: square, store: filled })).rejects.toThrow(
    'expected the point {"set":"b","seed":9}',
  )
})

/** A store whose closing frees it and then fails. */
function closingBadly() {
  const store = memorySweep()
  const open: typeof store.open = async (facts) => {
    const opened = await store.open(facts)
    const close = async () => {
      await opened.close()
      throw new Error('it does not close')
    }
    return { ...opened, close }
  }
  return { ...store, open }
}

test('sweep ends at an abort while the store does not answer', async () => {
  const store = memorySweep()
  const open: typeof store.open = async (facts) => ({
    ...(await store.open(facts)),
    save: () => new Promise<void>(() => {}),
  })
  const stop = new AbortController()
  const ended = sweep(jobs, { module: square, store: { ...store, open }, signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(ended).rejects.toThrow('enough')
  expect(await store.read()).toEqual([])
  await sweep(jobs, { module: square, store }) // was closed
})

test('sweep ends at an abort while the closing of the store hangs', async () => {
  const store = memorySweep()
  const open: typeof store.open = async (facts) => ({
    ...(await store.open(facts)),
    close: () => new Promise<void>(() => {}),
  })
  const stop = new AbortController()
  const onEvent = () => stop.abort(new Error('enough'))
  const options = { module: square, store: { ...store, open }, signal: stop.signal, onEvent }
  await expect(sweep(jobs, options)).rejects.toThrow('enough')
})

test('sweep keeps an outcome that a slow store takes after an abort', async () => {
  const store = memorySweep()
  const stop = new AbortController()
  const open: typeof store.open = async (facts) => {
    const opened = await store.open(facts)
    const save: typeof opened.save = async (outcome) => {
      stop.abort(new Error('enough'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      await opened.save(outcome)
    }
    return { ...opened, save }
  }
  const ended = sweep(jobs, { module: square, store: { ...store, open }, signal: stop.signal })
  await expect(ended).rejects.toMatchObject({ counts: { done: 1 } })
  expect(await store.read()).toHaveLength(1)
})

test('sweep misses the outcome that a runner has lost', async () => {
  const runner: Runner = { ...inProcess(), name: 'a test', run: async () => {} }
  const ended = sweep(jobs, { module: square, runner })
  await expect(ended).rejects.toThrow('the runner, a test, has no outcome of seed=1,set=a')
})

test('sweep refuses a store of other knobs, and of another point under the same key', async () => {
  const store = memorySweep()
  await sweep(jobs, { module: square, store })
  const other = grid({ seed: [1], rate: [0.1] })
  await expect(sweep(other, { module: () => ({}), store })).rejects.toThrow(
    'expected outcomes with the knobs rate, seed in the memory, got seed, set',
  )
  const renamed = [{ key: 'seed=1,set=a', point: { set: 'b', seed: 1 } }]
  await expect(sweep(renamed, { module: square, store })).rejects.toThrow(
    'expected the point {"set":"b","seed":1} of the job seed=1,set=a in the store',
  )
})

test('sweep refuses a second driver of a store', async () => {
  const store = memorySweep()
  const module = async () => {
    await expect(sweep(jobs, { module: square, store })).rejects.toThrow('expected one driver')
    return {}
  }
  const { failed } = await sweep(grid({ set: ['a'], seed: [1] }), { module, store })
  expect(failed).toEqual([])
})

const opening = () => {
  let opened = 0
  const store = memorySweep()
  const open: typeof store.open = (facts) => {
    opened++
    return store.open(facts)
  }
  return { store: { ...store, open }, count: () => opened }
}

test.each([
  ['export default 3', 'expected a function as the default export of data:text/javascript'],
  ['export const job = 3', 'got none beside job'],
  ['export defalt 3', 'expected to import data:text/javascript'],
])('sweep refuses the module `%s` before it opens the store', async (code, message) => {
  const { store, count } = opening()
  await expect(sweep(jobs, { module: dataUrl(code), store })).rejects.toThrow(message)
  expect(count()).toBe(0)
})

test('sweep refuses a function for a runner that needs a module', async () => {
  const runner: Runner = { name: 'processes', run: async () => {} }
  await expect(sweep(jobs, { module: square, runner })).rejects.toThrow(
    'expected the path of a module as module, whose default export processes can import',
  )
})

test.each<[object, string]>([
  [{}, 'expected the path or URL of a module as module, got undefined'],
  [{ module: 3 }, 'expected the path or URL of a module as module, got 3'],
  [{ module: '' }, 'expected a path as module'],
  [{ module: square, runner: inProcess }, 'got a function; was it not called?'],
  [{ module: square, attempts: 0 }, 'expected attempts to be a whole number of at least 1, got 0'],
  [{ module: square, backoffSeconds: -1 }, 'expected backoffSeconds to be a finite number of at'],
  [{ module: square, store: 3 }, 'expected the path of a folder, or a store, as store, got 3'],
  [{ module: square, onEvents: () => {} }, 'did you mean onEvent?'],
])('sweep refuses the options %o', async (options, message) => {
  await expect(sweep(jobs, options as never)).rejects.toThrow(message)
})

test.each<[unknown, string]>([
  [3, 'expected a list of jobs, as grid and jobsOf make it, got 3'],
  [[{ seed: 1 }], 'expected a key and a point in job 0, got a point alone?'],
  [[{ key: 'a', point: { a: Number.NaN } }], 'expected points of JSON, got a.a is NaN'],
  [[jobs[0], jobs[0]], 'expected each key once, got seed=1,set=a twice'],
])('sweep refuses the jobs %j', async (wrong, message) => {
  await expect(sweep(wrong as never, { module: square })).rejects.toThrow(message)
})

test('sweep takes an empty list of jobs', async () => {
  const { rows } = await sweep([], { module: () => ({}) })
  expect(rows).toEqual([])
})

test('sweep tells of an outcome that its caller may keep', async () => {
  let outcome: FinishedJob | undefined
  await sweep(grid({ seed: [1] }), {
    module: () => ({ fnr: null, of: { deep: [1] } }),
    onEvent: (event) => {
      if (event.type === 'finished') outcome = event.outcome
    },
  })
  expect(outcome).toMatchObject({
    ...{ key: 'seed=1', point: { seed: 1 }, rows: [{ fnr: null, of: { deep: [1] } }] },
    ...{ attempts: 1, worker: expect.stringMatching(/:\d+$/) },
  })
  expect(new Date(outcome!.finishedAt).toISOString()).toBe(outcome!.finishedAt)
})
