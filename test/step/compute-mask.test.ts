import { abs, cast, onesLike, tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { ComputeMaskOptions } from '../../src/step/step-options.js'
import type { AllocationRequest, ScoredWeight } from '../../src/types.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { bitsOf, weightsByName } from '../support/weights.js'

const keptOf = (weights: readonly { kept: number }[]) => weights.map(({ kept }) => kept)

/** Places of the `count` highest values, lower index first among equals. */
function highest(values: Float32Array, count: number): Uint8Array {
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b)
  const kept = new Uint8Array(values.length)
  for (const i of order.slice(0, count)) kept[i] = 1
  return kept
}

test('computeMask keeps the largest weights of each layer by default, exactly round(size * density)', async () => {
  const model = smallModel()
  const { weights, density, parameters } = await computeMask(model, { density: 0.3 })
  expect(keptOf(weights)).toEqual([7, 4])
  expect([density, parameters]).toEqual([11 / 36, 44])
  for (const { name, kept, values } of weights) {
    expect(values).toEqual(highest(weightsByName(model)[name]!.map(Math.abs), kept))
  }
})

test('computeMask takes criterion, allocator and values before training', async () => {
  const model = smallModel()
  const final = weightsByName(model)
  const initial = {
    'hidden/kernel': new Float32Array(24).fill(0.5),
    'out/kernel': new Float32Array(12).fill(0.4),
  }
  const options = { density: 0.5, criterion: magnitudeIncrease(), allocate: globally(), initial }
  const mask = await computeMask(model, options)
  expect(mask.kept).toBe(18)
  const growth = Float32Array.of(
    ...final['hidden/kernel']!.map((w) => Math.abs(w) - 0.5),
    ...final['out/kernel']!.map((w) => Math.abs(w) - Math.fround(0.4)),
  )
  expect([...mask.weights[0]!.values, ...mask.weights[1]!.values]).toEqual([...highest(growth, 18)])
})

test('computeMask shows the criterion names, unit axes, round, values and previous mask', async () => {
  const model = smallModel()
  const previous = await computeMask(model, { density: 0.5 })
  const seen: Omit<ScoredWeight, 'initial' | 'final' | 'mask'>[] = []
  const values: Record<string, number[][]> = {}
  const criterion = ({ initial, final, mask, ...rest }: ScoredWeight) => {
    seen.push(rest)
    values[rest.name] = [initial, final, mask].map((shown) => [...shown.dataSync()])
    return abs(final)
  }
  const initial = {
    'hidden/kernel': new Float32Array(24).fill(2),
    'out/kernel': new Float32Array(12).fill(3),
  }
  await computeMask(model, { density: 0.25, criterion, previous, initial, round: 4 })
  expect(seen).toEqual([
    { name: 'hidden/kernel', layer: 'hidden', role: 'kernel', unitAxes: [1], round: 4 },
    { name: 'out/kernel', layer: 'out', role: 'kernel', unitAxes: [1], round: 4 },
  ])
  const [before, after, kept] = values['out/kernel']!
  expect(before).toEqual(new Array(12).fill(3))
  expect(after).toEqual([...weightsByName(model)['out/kernel']!])
  expect(kept).toEqual([...previous.weights[1]!.values])
})

test('computeMask shows the allocator what is left, its bounds and the scores', async () => {
  const model = smallModel()
  const previous = await computeMask(model, { density: 0.5 })
  let requests: readonly AllocationRequest[] = []
  const allocate = (weights: readonly AllocationRequest[]) => {
    requests = weights
    return [3, 5]
  }
  const select = { limits: [{ include: 'out', minimumKept: 4, maximumKept: 8 }] }
  const mask = await computeMask(model, { density: 0.25, allocate, select, previous })
  expect(keptOf(mask.weights)).toEqual([3, 5])
  const { scores, mask: values, ...rest } = requests[1]!
  const place = {
    name: 'out/kernel',
    layer: 'out',
    role: 'kernel',
    className: 'Dense',
    shape: [6, 2],
    size: 12,
  }
  expect(rest).toEqual({ ...place, kept: 6, minimumKept: 4, maximumKept: 6 })
  expect(values).toEqual(previous.weights[1]!.values)
  expect(scores).toEqual(weightsByName(model)['out/kernel']!.map(Math.abs))
})

test('computeMask only takes from the previous mask, whatever density is asked', async () => {
  const model = smallModel()
  const quarter = await computeMask(model, { density: 0.25 })
  const again = await computeMask(model, {
    density: 0.9,
    previous: quarter,
    criterion: ({ final }) => onesLike(final),
  })
  expect(again).toEqual(quarter)
})

test('computeMask does not ask for scores where the previous mask is 0', async () => {
  const model = smallModel()
  const previous = await computeMask(model, { density: 0.5 })
  const criterion = ({ name, final }: ScoredWeight) => {
    const { values } = previous.weights.find((weight) => weight.name === name)!
    return tensor(
      Float32Array.from(values, (kept, i) => (kept ? i : Number.NaN)),
      final.shape,
    )
  }
  const mask = await computeMask(model, { density: 0.25, previous, criterion })
  expect(keptOf(mask.weights)).toEqual([6, 3])
})

test('computeMask leaves the model and what it is given alone, and no tensor behind', async () => {
  const model = smallModel()
  const before = weightsByName(model)
  const previous = await computeMask(model, { density: 0.5 })
  const copy = structuredClone(previous)
  const criteria = [undefined, ({ final }: ScoredWeight) => final]
  for (const criterion of criteria) {
    const options = { density: 0.25, previous, initial: before, ...(criterion && { criterion }) }
    await expect(() => computeMask(model, options)).toLeaveNoTensors()
  }
  expect([weightsByName(model), previous]).toEqual([before, copy])
})

const score = 'Cannot score hidden/kernel: expected '

test.each<[string, Partial<ComputeMaskOptions>, string]>([
  [
    'a density of 0',
    { density: 0 },
    'RangeError: Cannot prune: expected a density in (0, 1], got 0',
  ],
  [
    'a density above 1',
    { density: 1.01 },
    'RangeError: Cannot prune: expected a density in (0, 1], got 1.01',
  ],
  [
    'no density',
    { density: Number.NaN },
    'RangeError: Cannot prune: expected a density in (0, 1], got NaN',
  ],
  [
    'a text',
    { density: '0.5' as never },
    'TypeError: Cannot prune: expected a number as density, got string',
  ],
  [
    'a criterion that returns nothing',
    { criterion: () => undefined as never },
    `TypeError: ${score}the criterion to return a tensor, got undefined`,
  ],
  [
    'a criterion that returns null',
    { criterion: () => null as never },
    `TypeError: ${score}the criterion to return a tensor, got null`,
  ],
  [
    'a criterion that returns numbers',
    { criterion: () => new Float32Array(24) as never },
    `TypeError: ${score}the criterion to return a tensor, got object`,
  ],
  [
    'an asynchronous criterion',
    { criterion: (async () => undefined) as never },
    `TypeError: ${score}the criterion to return a tensor, got a promise`,
  ],
  [
    'a criterion that returns another shape',
    { criterion: () => tensor([1, 2]) },
    `TypeError: ${score}the criterion to return shape [4, 6], got [2]`,
  ],
  [
    'a criterion that returns whole numbers',
    { criterion: ({ final }) => cast(onesLike(final), 'int32') },
    `TypeError: ${score}the criterion to return float32, got int32`,
  ],
  [
    'a criterion that returns NaN',
    {
      criterion: ({ final }) =>
        tensor(new Float32Array(final.size).fill(Number.NaN, 3), final.shape),
    },
    `RangeError: ${score}finite scores, got NaN at index 3`,
  ],
  [
    'an allocator that returns no list',
    { allocate: () => 5 as never },
    'TypeError: Cannot share out the density: expected 2 counts from the allocator, got number',
  ],
  [
    'an allocator that forgets a weight',
    { allocate: () => [5] },
    'TypeError: Cannot share out the density: expected 2 counts from the allocator, got 1',
  ],
  [
    'an allocator that keeps nothing of a weight',
    { allocate: () => [5, 0] },
    'RangeError: Cannot share out the density: expected 1 to 12 elements for out/kernel, got 0',
  ],
  [
    'an allocator that does not round',
    { allocate: () => [5.5, 1] },
    'RangeError: Cannot share out the density: expected 1 to 24 elements for hidden/kernel, got 5.5',
  ],
  [
    'an allocator that leaves the limits',
    { allocate: () => [5, 2], select: { limits: [{ include: 'out', minimumKept: 3 }] } },
    'RangeError: Cannot share out the density: expected 3 to 12 elements for out/kernel, got 2',
  ],
  [
    'initial values of another size',
    { initial: { 'hidden/kernel': new Float32Array(23) } },
    `TypeError: ${score}24 initial values, got 23`,
  ],
  [
    'initial values without a weight',
    { initial: { 'hidden/kernel': new Float32Array(24) } },
    'RangeError: Cannot score out/kernel: expected its initial values, got none',
  ],
])('computeMask refuses %s, and leaves no tensor behind', async (_, options, message) => {
  const model = smallModel()
  expect(await lateRefusalOf(() => computeMask(model, { density: 0.5, ...options }))).toBe(message)
  const attempt = () => computeMask(model, { density: 0.5, ...options }).catch(() => undefined)
  await expect(attempt).toLeaveNoTensors()
})

test.each([Number.NaN, Infinity, -Infinity])(
  'computeMask refuses a model with a weight of %s',
  async (value) => {
    const model = smallModel()
    const { variable: kernel } = modelWeights(model).find(({ name }) => name === 'out/kernel')!
    kernel.assign(tensor(new Float32Array(12).fill(1).with(7, value), [6, 2]))
    expect(await lateRefusalOf(() => computeMask(model, { density: 0.5 }))).toBe(
      `RangeError: Cannot score out/kernel: expected finite weights, got ${value} at index 7`,
    )
    expect(bitsOf(kernel)[0]).toBe(bitsOf(Float32Array.of(1))[0])
  },
)

test('computeMask refuses a previous mask that does not go with the selection', async () => {
  const model = smallModel()
  const dense = denseMask(model)
  const out = createMask([dense.weights[1]!], 44)
  const turned = createMask([dense.weights[0]!, { ...dense.weights[1]!, shape: [2, 6] }], 44)
  const options = { density: 0.5 }
  expect(await lateRefusalOf(() => computeMask(model, { ...options, previous: out }))).toBe(
    'RangeError: Cannot prune hidden/kernel: expected the previous mask to hold it, got a mask without it',
  )
  expect(await lateRefusalOf(() => computeMask(model, { ...options, previous: turned }))).toBe(
    'TypeError: Cannot prune out/kernel: expected a previous mask of shape [6, 2], got [2, 6]',
  )
  expect(
    await lateRefusalOf(() =>
      computeMask(model, { ...options, previous: dense, select: { include: 'out' } }),
    ),
  ).toBe(
    'RangeError: Cannot prune: expected a selection with all weights of the previous mask, ' +
      'got one without hidden/kernel',
  )
})

test.each([
  ['magnitude', 'expected criterion to be a criterion, such as magnitude(), got "magnitude"'],
  [magnitudeIncrease(), 'expected the option initial, got none'],
])('computeMask refuses a criterion that cannot score: %#', async (criterion, message) => {
  await expect(
    computeMask(smallModel(), { density: 0.5, criterion: criterion as never }),
  ).rejects.toThrow(message)
})
