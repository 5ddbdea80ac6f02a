import { type PruningError, prune, pruningRounds } from 'tfjs-prune'
import { storeOf } from 'tfjs-prune/runs'
import { afterAll, describe, expect, test } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { mapFunctions, type QuickOptions } from './support.js'

const made: { readonly dispose: () => void }[] = []
afterAll(() => {
  for (const one of made) one.dispose()
})

/** A network of a test's own, and the options of a run of it. */
function ownRun() {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  made.push(data.xs, model)
  const run = (options: QuickOptions) => quickRun(data, { schedule: [1, 0.5, 0.25], ...options })
  return { model, run }
}

/** A promise that is kept later. */
function later<T>() {
  let resolve: (answer: T) => void = () => {}
  const promise = new Promise<T>((keep) => {
    resolve = keep
  })
  return { promise, resolve }
}

// Each waits for seconds, so they wait side by side.
describe.concurrent('a store that does not answer', () => {
  /** A store that waits with one entry, at which the run is aborted. */
  const waitingWith = (entry: string, wait: Promise<void>) => {
    const functions = mapFunctions()
    const stop = new AbortController()
    const released = later<void>()
    const write = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
      if (name === entry) {
        stop.abort(new Error('enough'))
        await wait
      }
      await functions.write(name, bytes)
    }
    const store = storeOf({ ...functions, write, lock: () => () => released.resolve() })
    const { entries } = functions
    return { entries, released: released.promise, options: { store, signal: stop.signal } }
  }
  const never = new Promise<void>(() => {})

  test.each([
    ['run', 1, {}],
    ['round-1', 2, {}],
    ['point', 0, { epochs: 2, checkpointEvery: 1 }],
  ])('prune ends at an abort while the saving of %s hangs', async (entry, finished, training) => {
    const { model, run } = ownRun()
    const { options, released } = waitingWith(entry, never)
    const error = await prune(model, run({ ...options, training })).catch((one: unknown) => one)
    const { cause = error, rounds = [] } = error as PruningError
    expect(cause).toEqual(new Error('enough'))
    expect(rounds).toHaveLength(finished)
    const lock = await Promise.race([released.then(() => 'free'), 'held'])
    expect(lock, 'another writer would come in between').toBe('held')
  })

  test('prune gives the lock back once a late entry is written', async () => {
    const { model, run } = ownRun()
    const late = later<void>()
    const { options, released, entries } = waitingWith('round-0', late.promise)
    await expect(prune(model, run(options))).rejects.toMatchObject({ rounds: [{ round: 0 }] })
    expect([...entries.keys()]).toEqual(['run'])
    late.resolve()
    await released
    expect([...entries.keys()]).toEqual(['run', 'round-0', 'point'])
  })

  test('prune ends at an abort while the opening hangs, and closes a late store', async () => {
    const { model, run } = ownRun()
    const stop = new AbortController()
    const late = later<() => void>()
    const lock = () => {
      stop.abort(new Error('enough'))
      return late.promise
    }
    const store = storeOf({ ...mapFunctions(), lock })
    await expect(prune(model, run({ store, signal: stop.signal }))).rejects.toThrow('enough')
    await new Promise<void>((released) => late.resolve(released))
  })

  test('prune and pruningRounds end at an abort while the closing of the store hangs', async () => {
    const { model, run } = ownRun()
    const release = () => new Promise<void>(() => {})
    const hanging = () => storeOf({ ...mapFunctions(), lock: () => release })
    const aborting = (): QuickOptions => {
      const stop = new AbortController()
      const onProgress = () => stop.abort(new Error('enough'))
      return { store: hanging(), signal: stop.signal, onProgress }
    }
    const rounds = pruningRounds(ownRun().model, run(aborting()))
    await Promise.all([
      expect(prune(model, run(aborting()))).rejects.toThrow('enough'),
      expect(rounds.next()).rejects.toThrow('enough'),
    ])
  })
})
