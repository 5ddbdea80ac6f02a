import { tensor, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fpgm } from '../../src/criteria/fpgm.js'
import { grainScores } from '../../src/granularity/grain-scores.js'
import { units } from '../../src/granularity/units.js'
import { unitAxes } from '../../src/layer-kinds/weight-axes.js'
import type { Criterion } from '../../src/types.js'
import { criterionConformance } from '../contract/criterion.js'
import golden from '../golden/structured.json' with { type: 'json' }
import { refusalOf } from '../support/refusal-of.js'
import { randomValues } from '../support/weights.js'

criterionConformance('fpgm', fpgm, { scores: 'units' })

interface Parts {
  readonly shape: readonly number[]
  readonly role?: string
  readonly unitAxes?: readonly number[]
  readonly mask?: ArrayLike<number>
}

function scoresOf(
  criterion: Criterion,
  values: ArrayLike<number>,
  { shape, role = 'kernel', unitAxes, mask }: Parts,
) {
  return tidy(() => {
    const like = (numbers: ArrayLike<number>) => tensor(Float32Array.from(numbers), [...shape])
    const final = like(values)
    const place = { name: `a/${role}`, layer: 'a', role, round: 1, ...(unitAxes && { unitAxes }) }
    return (
      criterion({
        ...place,
        initial: final,
        final,
        mask: like(mask ?? Array.from(values, () => 1)),
      }) as typeof final
    ).dataSync() as Float32Array
  })
}

const rounded = (scores: Float32Array) => Array.from(scores, (score) => Number(score.toFixed(4)))

test('fpgm scores a filter by its distances to the others, spread over its elements', () => {
  // Filters (0, 0), (3, 4) and (3, 0): distances 5, 3 and 4.
  const scores = scoresOf(fpgm(), [0, 3, 3, 0, 4, 0], { shape: [2, 3] })
  expect(rounded(scores)).toEqual([4, 4.5, 3.5, 4, 4.5, 3.5])
})

test('fpgm takes the filter that others replace, however large it is', () => {
  const scores = rounded(scoresOf(fpgm(), [100, 101, 102, 1], { shape: [1, 4] }))
  expect(scores).toEqual([102, 102, 104, 300])
})

test('fpgm leaves out what is pruned, and spreads over what is left of a filter', () => {
  const mask = [1, 0, 1, 1, 0, 0]
  // Left are (0, 0) and (3, pruned): a distance of 3 over two elements and over one.
  const scores = rounded(scoresOf(fpgm(), [0, 9, 3, 0, 9, 9], { shape: [2, 3], mask }))
  expect([scores[0], scores[3], scores[2]]).toEqual([1.5, 1.5, 3])
})

test('fpgm takes another axis, from the end if negative', () => {
  const transposed = scoresOf(fpgm({ axis: 0 }), [0, 0, 3, 4, 3, 0], { shape: [3, 2] })
  expect(rounded(transposed)).toEqual([4, 4, 4.5, 4.5, 3.5, 3.5])
  expect(scoresOf(fpgm({ axis: -2 }), [0, 0, 3, 4, 3, 0], { shape: [3, 2] })).toEqual(transposed)
})

test('fpgm is not disturbed by a part that all filters share', () => {
  const values = randomValues(60)
  const [plain, moved] = [
    values,
    values.map((value, i) => value + 64 * (1 + Math.floor(i / 6))),
  ].map((one) => scoresOf(fpgm(), one, { shape: [10, 6] }))
  // The values themselves are rounded to 4e-5 there.
  plain!.forEach((score, i) => {
    expect(Math.abs(score / moved![i]! - 1)).toBeLessThan(1e-3)
  })
})

test('fpgm scales with the weights, from 1e-30 to 1e30', () => {
  const values = randomValues(24)
  const plain = scoresOf(fpgm(), values, { shape: [4, 6] })
  for (const exponent of [-90, -40, 40, 100]) {
    const scaled = scoresOf(
      fpgm(),
      values.map((value) => value * 2 ** exponent),
      { shape: [4, 6] },
    )
    plain.forEach((score, i) => {
      expect(Math.abs(scaled[i]! / 2 ** exponent / score - 1)).toBeLessThan(1e-5)
    })
  }
})

test.each(golden.fpgm)(
  'fpgm agrees with distances of one pair at a time, summed over the units of $layer',
  (entry) => {
    const { className, role, shape, values, sums, mask, left, sumsOfLeft } = entry
    const criterion = fpgm()
    const place = { shape, role, unitAxes: unitAxes({ className, role, shape }) }
    const grains = units().grains({ name: `a/${role}`, layer: 'a', role, className, shape })
    const all = grainScores(scoresOf(criterion, values, place), grains)
    all.forEach((sum, i) => {
      expect(Math.abs(sum / sums[i]! - 1)).toBeLessThan(1e-5)
    })
    const some = scoresOf(criterion, values, { ...place, mask })
    const rest = grainScores(some, grains, { mask: Uint8Array.from(mask) })
    left.forEach((unit, i) => {
      expect(Math.abs(rest[unit]! / sumsOfLeft[i]! - 1)).toBeLessThan(1e-5)
    })
  },
)

test('fpgm refuses an axis that a weight does not have, or that is no whole number', () => {
  expect(refusalOf(() => scoresOf(fpgm({ axis: 2 }), [1, 2], { shape: [1, 2] }))).toBe(
    'RangeError: Cannot score a/kernel: expected an axis of [1, 2] as that of fpgm, got 2',
  )
  expect(refusalOf(() => fpgm({ axis: 1.5 }))).toBe(
    'RangeError: Cannot make fpgm: expected axis to be a whole number, got 1.5',
  )
  expect(refusalOf(() => fpgm({ axis: '1' as never }))).toBe(
    'TypeError: Cannot make fpgm: expected axis to be a whole number, got "1"',
  )
})
