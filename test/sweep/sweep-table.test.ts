import {
  emptySweepState,
  type FinishedJob,
  grid,
  nextSweepState,
  type SweepEvent,
  type SweepState,
  sweep,
  sweepTable,
} from 'tfjs-prune/sweep'
import { expect, test } from 'vitest'

const outcome: FinishedJob = {
  ...{ key: 'seed=1', point: { seed: 1 }, rows: [], attempts: 1, seconds: 2 },
  ...{ finishedAt: '2026-01-01T00:00:00.000Z', worker: 'host:1' },
}
const error = { name: 'RangeError', message: 'the loss is not finite\nat layer 3' }

const after = (...events: readonly (readonly [SweepEvent, number])[]): SweepState =>
  events.reduce((state, [event, now]) => nextSweepState(state, event, now), emptySweepState)

const opened: SweepEvent = { type: 'opened', done: 2, failed: 0, of: 8, others: 0 }
const started = (key: string, attempt = 1): SweepEvent => ({
  ...{ type: 'started', key, attempt, worker: 'host:1' },
})
const finished = (key: string, done: number, failed = 0): SweepEvent => ({
  ...{ type: 'finished', key, done, failed, of: 8, perMinute: 4.25, secondsLeft: 75 },
  outcome: { ...outcome, key, ...(failed > 0 && { error }) },
})

test('sweepTable shows counts, the rate, running jobs and errors', () => {
  const state = after(
    [opened, 0],
    [started('seed=1'), 0],
    [started('seed=22'), 1000],
    [finished('seed=1', 3, 1), 2000],
    [started('seed=3', 2), 4000],
    [{ type: 'progress', key: 'seed=22', share: 0.459, message: 'epoch 9 of 20' }, 5000],
  )
  expect(sweepTable(state, { now: 66_000 }).split('\n')).toEqual([
    '█████████░░░░░░░░░░░░░░░ 3 of 8 jobs done, 1 failed, 2 running',
    '4.3 a minute, about 75 s left',
    '  seed=22  host:1  1:05  45 %  epoch 9 of 20',
    '  seed=3   host:1  1:02        try 2',
    '! seed=1: RangeError: the loss is not finite',
  ])
})

test('sweepTable begins with an empty bar', () => {
  expect(sweepTable(emptySweepState, { now: 0 })).toBe('░░░░░░░░░░░░░░░░░░░░░░░░ 0 of 0 jobs done')
})

test('nextSweepState moves a job that is tried again, and changes no state', () => {
  const before = after([opened, 0], [started('seed=1'), 0])
  const retried: SweepEvent = { type: 'retried', key: 'seed=1', attempt: 1, reason: 'not yet' }
  const waiting = nextSweepState(before, retried, 1)
  expect([waiting.running, waiting.retrying]).toEqual([[], ['seed=1']])
  expect(sweepTable(waiting, { now: 1 })).toContain('2 of 8 jobs done, 1 to be tried again')
  const again = nextSweepState(waiting, started('seed=1', 2), 2)
  expect([again.running.length, again.retrying]).toEqual([1, []])
  expect([before.running.length, before.retrying]).toEqual([1, []])
})

test('nextSweepState keeps the last three errors, the latest first', () => {
  const keys = ['a', 'b', 'c', 'd']
  const state = after(...keys.map((key, i) => [finished(key, i + 1, i + 1), i] as const))
  expect(state.errors.map(({ key }) => key)).toEqual(['d', 'c', 'b'])
})

test('sweepTable cuts long lines, and lists so many jobs', () => {
  const jobs = ['a'.repeat(60), 'b', 'c'].map((key) => [started(key), 0] as const)
  const lines = sweepTable(after([opened, 0], ...jobs), { now: 0, columns: 50, listed: 1 })
  expect(lines.split('\n').map((line) => line.length)).toEqual([50, 40, 12])
  expect(lines.split('\n').at(-1)).toBe('  and 2 more')
})

test.each([
  [89, 'about 89 s left'],
  [90, 'about 2 min left'],
  [5400, 'about 1.5 h left'],
  [172_800, 'about 2.0 days left'],
])('sweepTable tells %d seconds in a unit that fits', (secondsLeft, text) => {
  const state = { ...emptySweepState, done: 1, of: 2, perMinute: 120.4, secondsLeft }
  expect(sweepTable(state, { now: 0 })).toContain(`120 a minute, ${text}`)
})

test('nextSweepState ends with no running job, whatever a sweep goes through', async () => {
  let state = emptySweepState
  await sweep(grid({ seed: [1, 2, 3] }), {
    ...{ attempts: 2, backoffSeconds: 0 },
    module: ({ seed }: { seed: number }) => {
      if (seed === 2) throw new Error('no')
      return {}
    },
    onEvent: (event) => {
      state = nextSweepState(state, event, 0)
    },
  })
  expect(state).toMatchObject({ done: 3, failed: 1, of: 3, running: [], retrying: [] })
})
