import { expect, test } from 'vitest'
import { type StudyRun, summariseStudy } from '../../examples/support/misses-study.js'
import { armsOf, wordOf } from '../../examples/support/misses-tables.js'

const level = (density: number, fnr: number) => ({
  ...{ density, auc: 1 - fnr, fnr: [fnr, 2 * fnr], multiplyAdds: density, seconds: 10 },
})

const run = (arm: string, seed: number, misses: readonly number[]): StudyRun => ({
  ...{ set: 'xrays', judged: 'test', arm, rate: 0.01, seed },
  levels: [level(1, 0.01), ...misses.map((fnr, i) => level(0.5 ** (i + 1), fnr))],
})

const seeds = [1, 2, 3, 4, 5]

test('sums of a study are those by hand', () => {
  const runs: StudyRun[] = [
    ...seeds.map((seed) => run('plain', seed, [0.1 * seed, 0.2])),
    ...seeds.map((seed) => run('teach', seed, [0.05 * seed, 0.1])),
    // Two are fewer, three are more.
    ...seeds.map((seed) => run('lamp', seed, [0.1 * seed, seed < 3 ? 0.1 : 0.4])),
    // Neither a run that chose a rate nor a seed that plain lacks counts.
    { ...run('plain', 101, [0.9, 0.9]), judged: 'validation' },
    run('teach', 6, [0.9, 0.9]),
    { ...run('lamp', 7, []), levels: null },
  ]
  const [plain, teach, lamp] = summariseStudy(runs)
  expect([plain!.arm, teach!.arm, lamp!.arm]).toEqual(['plain', 'teach', 'lamp'])
  expect([plain!.seeds, teach!.seeds, lamp!.seeds]).toEqual([5, 5, 5])
  expect(plain!.levels.map(({ density }) => density)).toEqual([1, 0.5, 0.25])
  const misses = [plain!, teach!, lamp!].map(({ levels }) => levels.map((one) => one.fnrAtFpr10))
  const wanted = [
    [0.01, 0.3, 0.2],
    [0.01, 0.15, 0.1],
    [0.01, 0.3, 0.28],
  ]
  for (const [i, values] of wanted.entries())
    for (const [j, value] of values.entries()) expect(misses[i]![j]).toBeCloseTo(value, 12)
  expect(plain!.p).toEqual({})
  // All five differences have one sign: 2 of the 32 ways to choose signs.
  expect(teach!.p.fnrAtFpr10).toBeCloseTo(2 / 32, 12)
  expect(teach!.pByHolm.fnrAtFpr10).toBeCloseTo(4 / 32, 12)
  // Ranks 1.5 twice and 4 three times: 8 of the 32 ways are as far from the middle.
  expect(lamp!.p.fnrAtFpr10).toBeCloseTo(8 / 32, 12)
  expect(lamp!.pByHolm.fnrAtFpr10).toBe(lamp!.p.fnrAtFpr10)
})

test.each([
  ['xrays', 10, 72],
  ['eights', 10, 72],
  ['melanoma', 6, 120],
] as const)('the stored runs of %s are whole', (set, count, epochs) => {
  const arms = armsOf(set)
  expect(arms.map(({ seeds }) => seeds)).toEqual(Array(count).fill(8))
  expect(arms.map(({ arm }) => arm)).toContain(`plain, ${epochs} epochs`)
  for (const { levels } of arms) expect(levels.length).toBe(4)
})

test('an arm without a word is refused', () => {
  expect(wordOf('plain, 48 epochs')).toBe('plain with 48 epochs a round')
  expect(wordOf('teach, 48 epochs')).toBe('with a teacher, 48 epochs a round')
  expect(() => wordOf('plainn')).toThrow(/got plainn/)
})
