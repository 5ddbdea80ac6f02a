import { expect, expectTypeOf, test } from 'vitest'
import { rungsOf } from '../../src/tuning/rungs-of.js'
import { type Tuned, tune } from '../../src/tuning/tune.js'
import type { TunedRun, TuneOptions } from '../../src/tuning/tune-options.js'
import { lateRefusalOf } from '../support/refusal-of.js'

const rates = { learningRate: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3] }
/** The best rate is 0.01; each seed shifts all scores. */
const scored = ({ learningRate }: { learningRate: number }, { seed }: { seed: number }) =>
  -Math.abs(Math.log10(learningRate) + 2) + seed / 1000

const apart = { seeds: [101, 102], reportedSeeds: [1, 2], direction: 'maximise' } as const

test('tune keeps the better half behind each rung, and trains two points to the end', async () => {
  const { runs, rows, winners } = await tune({
    scenarios: { plain: rates },
    train: scored,
    ...apart,
  })
  const count = (share: number) => runs.filter((run) => run.share === share).length
  expect([0.25, 0.5, 1].map(count)).toEqual([12, 6, 4])
  expect(winners).toEqual({ plain: { learningRate: 0.01 } })
  // The best first: by the share that a point reached, then by its mean.
  expect(rows.map(({ point, share }) => [point.learningRate, share])).toEqual([
    [0.01, 1],
    [0.03, 1],
    [0.003, 0.5],
    [0.001, 0.25],
    [0.1, 0.25],
    [0.3, 0.25],
  ])
  const [best] = rows
  expect(best!.scores).toEqual([0.101, 0.102])
  expect(best!.mean).toBeCloseTo(0.1015, 12)
  expect(rows.map(({ isWinner }) => isWinner)).toEqual([true, false, false, false, false, false])
})

test('rungsOf halves, rounds up, and leaves two points to the last rung', () => {
  const counts = (points: number, shares?: number[]) =>
    rungsOf(points, shares).map(({ share, count }) => [share, count])
  expect(counts(1)).toEqual([[1, 1]])
  expect(counts(2)).toEqual([[1, 2]])
  expect(counts(5)).toEqual([
    [0.25, 5],
    [0.5, 3],
    [1, 2],
  ])
  expect(counts(9)).toEqual([
    [0.125, 9],
    [0.25, 5],
    [0.5, 3],
    [1, 2],
  ])
  expect(counts(8, [0.3, 1])).toEqual([
    [0.3, 8],
    [1, 4],
  ])
})

test('tune with the rung 1 trains all points to the end, and may find another winner', async () => {
  // The slow point is the better one, but only at the end.
  const train = ({ pace }: { pace: string }, { share }: { share: number }) =>
    pace === 'slow' ? 2 * share ** 2 : share
  const scenarios = { only: { pace: ['fast', 'other', 'another', 'slow'] } }
  const [halved, whole] = [
    await tune({ scenarios, train, ...apart }),
    await tune({ scenarios, train, ...apart, rungs: [1] }),
  ]
  expect(halved.winners).toEqual({ only: { pace: 'fast' } })
  expect(whole.winners).toEqual({ only: { pace: 'slow' } })
  expect(whole.runs).toHaveLength(8)
})

test('tune compares by the mean over all seeds, and by the direction', async () => {
  const table: Record<string, number[]> = { steady: [0.5, 0.5], lucky: [0.9, 0] }
  const train = ({ kind }: { kind: string }, { seed }: { seed: number }) =>
    table[kind]![seed - 101]!
  const scenarios = { only: { kind: ['lucky', 'steady'] } }
  const best = async (direction: 'maximise' | 'minimise') =>
    (await tune({ scenarios, train, ...apart, direction })).winners.only
  expect(await best('maximise')).toEqual({ kind: 'steady' })
  expect(await best('minimise')).toEqual({ kind: 'lucky' })
})

test('tune tries all combinations of knobs, and keeps scenarios apart', async () => {
  const seen: unknown[] = []
  const { winners, rows } = await tune({
    scenarios: { plain: { rate: [1, 2], isNew: [true, false] }, black: { rate: [2] } },
    train: (point, { scenario, seed }) => {
      if (seed === 101) seen.push([scenario, { ...point }])
      return scenario === 'plain' ? point.rate : Number.NaN
    },
    ...apart,
    rungs: [1],
  })
  expect(seen).toEqual([
    ['plain', { rate: 1, isNew: true }],
    ['plain', { rate: 1, isNew: false }],
    ['plain', { rate: 2, isNew: true }],
    ['plain', { rate: 2, isNew: false }],
    ['black', { rate: 2 }],
  ])
  // Of equal means the earlier point is the better.
  expect(winners).toEqual({ plain: { rate: 2, isNew: true } })
  expect(rows.at(-1)).toMatchObject({ scenario: 'black', mean: null, scores: [null, null] })
})

test('tune takes a score that is not finite for the worst, also of one seed alone', async () => {
  const train = ({ rate }: { rate: number }, { seed }: { seed: number }) => {
    if (rate === 3) return seed === 101 ? 100 : Number.POSITIVE_INFINITY
    return rate === 2 ? Number.NaN : -1
  }
  const { rows, winners } = await tune({ scenarios: { a: { rate: [3, 2, 1] } }, train, ...apart })
  expect(winners).toEqual({ a: { rate: 1 } })
  expect(rows.find(({ point }) => point.rate === 3)!.scores).toEqual([100, null])
})

test('tune is plain data, and goes on from runs that were stored as JSON', async () => {
  const options: TuneOptions<typeof rates> = {
    scenarios: { plain: rates },
    train: scored,
    ...apart,
  }
  const whole = await tune(options)
  const stored: TunedRun<{ learningRate: number }>[] = JSON.parse(JSON.stringify(whole.runs))
  let trained = 0
  const train: typeof options.train = (point, run) => {
    trained++
    return scored(point, run)
  }
  const again = await tune({ ...options, train, resume: stored.slice(0, 15) })
  expect(trained).toBe(whole.runs.length - 15)
  expect(again).toEqual(whole)
})

test('tune tells each run, hears the signal, and hands it on', async () => {
  const stop = new AbortController()
  const done: [number, number][] = []
  const signals = new Set<unknown>()
  const work = tune({
    scenarios: { plain: rates },
    train: (point, run) => {
      signals.add(run.signal)
      return scored(point, run)
    },
    ...apart,
    signal: stop.signal,
    onProgress: ({ done: n, of }) => {
      done.push([n, of])
      if (n === 3) stop.abort()
    },
  })
  await expect(work).rejects.toThrow('aborted')
  expect(done).toEqual([
    [1, 22],
    [2, 22],
    [3, 22],
  ])
  expect([...signals]).toEqual([stop.signal])
})

test('tune gives the types of the knobs to the training and to the winners', async () => {
  const tuned = await tune({
    scenarios: { a: { rate: [0.1], kind: ['x', 'y'] } },
    train: (point) => {
      expectTypeOf(point.rate).toBeNumber()
      expectTypeOf(point.kind).toBeString()
      return point.rate
    },
    ...apart,
  })
  expectTypeOf(tuned).toExtend<Tuned<{ readonly rate: number; readonly kind: string }>>()
  expect(tuned.winners.a!.rate).toBe(0.1)
})

const given = { scenarios: { plain: rates }, train: scored, ...apart }

test.each<[string, object, string]>([
  [
    'a seed that is reported',
    { seeds: [101, 2] },
    'RangeError: Cannot tune: expected seeds apart from those that are reported, got 2 in both',
  ],
  [
    'no seed',
    { seeds: [] },
    'RangeError: Cannot tune: expected at least one seed to tune with, got none',
  ],
  [
    'a seed twice',
    { seeds: [101, 101] },
    'RangeError: Cannot tune: expected each of seeds once, got [101, 101]',
  ],
  [
    'reported seeds left out',
    { reportedSeeds: undefined },
    'TypeError: Cannot tune: expected a list as reportedSeeds, got undefined',
  ],
  [
    'no scenario',
    { scenarios: {} },
    'RangeError: Cannot tune: expected at least one scenario, got none',
  ],
  [
    'a scenario without knobs',
    { scenarios: { plain: {} } },
    'RangeError: Cannot tune: expected at least one knob of plain, got none',
  ],
  [
    'knobs in the place of scenarios',
    { scenarios: rates },
    'TypeError: Cannot tune: expected an object as the knobs of learningRate, got a list',
  ],
  [
    'an empty knob',
    { scenarios: { plain: { epochs: [] } } },
    'RangeError: Cannot tune: expected a list of values of epochs of plain, got an empty one',
  ],
  [
    'a value twice',
    { scenarios: { plain: { epochs: [1, 1] } } },
    'RangeError: Cannot tune: expected each value of epochs of plain once, got [1, 1]',
  ],
  [
    'an infinite value',
    { scenarios: { plain: { epochs: [1, Number.POSITIVE_INFINITY] } } },
    'RangeError: Cannot tune: expected finite numbers, texts or flags as values of epochs of plain, got Infinity',
  ],
  [
    'rungs that do not ascend to 1',
    { rungs: [0.5, 0.25] },
    'RangeError: Cannot tune: expected ascending rungs in (0, 1] that end at 1, got [0.5, 0.25]',
  ],
  [
    'a rung that is a text',
    { rungs: ['0.5', 1] },
    'TypeError: Cannot tune: expected each of rungs to be a finite number, got "0.5"',
  ],
  [
    'no rung',
    { rungs: [] },
    'RangeError: Cannot tune: expected ascending rungs in (0, 1] that end at 1, got []',
  ],
  [
    'no direction',
    { direction: undefined },
    "RangeError: Cannot tune: expected direction to be 'maximise' or 'minimise', got undefined",
  ],
  [
    'a misspelt option',
    { rung: [1] },
    'TypeError: Cannot tune: expected options among scenarios, train, seeds, reportedSeeds, direction, rungs, resume, onProgress, signal, got rung: did you mean rungs?',
  ],
  [
    'a stored run without a score',
    { resume: [{ scenario: 'plain', point: { epochs: 1 }, seed: 101, share: 1 }] },
    'TypeError: Cannot tune: expected resume[0].score to be a finite number or null, got undefined',
  ],
  [
    'a stored run that is none',
    { resume: [null] },
    'RangeError: Cannot tune: expected resume[0] as a run of tune, got null',
  ],
  [
    'a training that returns no number',
    { train: () => undefined },
    'TypeError: Cannot tune: expected train to return a number, got undefined',
  ],
])('tune refuses %s', async (_, options, message) => {
  expect(await lateRefusalOf(() => tune({ ...given, ...options } as never))).toBe(message)
})
