import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { checkMask } from '../../src/masks/check-mask.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { encodeMask } from '../../src/masks/encode-mask.js'
import { createMask, type MaskedWeight } from '../../src/masks/mask.js'
import { maskStatistics } from '../../src/masks/mask-statistics.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const weight = (name: string, shape: number[], ...values: number[]): Omit<MaskedWeight, 'kept'> => {
  const [layer, role] = name.split('/') as [string, string]
  return { name, layer, role, shape, values: Uint8Array.from(values) }
}
const first = weight('a/kernel', [2, 3], 1, 0, 1, 1, 0, 0)
const second = weight('b/kernel', [2], 0, 1)

test('createMask counts what it keeps, by weight and in all', () => {
  const mask = createMask([first, second], 16)
  expect(mask.weights.map(({ kept }) => kept)).toEqual([3, 1])
  expect([mask.size, mask.kept, mask.density, mask.parameters, mask.densityOverAll]).toEqual([
    8, 4, 0.5, 16, 0.75,
  ])
})

test('createMask makes plain data that can be cloned', () => {
  const mask = createMask([first, second], 16)
  expect(structuredClone(mask)).toEqual(mask)
})

test.each([
  [
    () => createMask([], 4),
    'RangeError: Cannot create a mask: expected at least one weight, got none',
  ],
  [
    () => createMask([first, first], 16),
    'RangeError: Cannot create a mask: expected each weight once, got a/kernel twice',
  ],
  [
    () => createMask([weight('a/kernel', [2], 1, 2)], 4),
    'RangeError: Cannot create a mask: expected zeros and ones for a/kernel, got another value',
  ],
  [
    () => createMask([weight('a/kernel', [3], 1, 0)], 4),
    'TypeError: Cannot create a mask: expected 3 values in a Uint8Array for a/kernel, got 2 values',
  ],
  [
    () => createMask([{ ...second, values: [0, 1] as never }], 4),
    'TypeError: Cannot create a mask: expected 2 values in a Uint8Array for b/kernel, got object',
  ],
  [
    () => createMask([weight('a/kernel', [2, 0])], 4),
    'RangeError: Cannot create a mask: expected a shape of at least one element for a/kernel, got [2,0]',
  ],
  [
    () => createMask([first], 5),
    'RangeError: Cannot create a mask: expected at least 6 parameters in all, got 5',
  ],
  [
    () => createMask([first], Number.NaN),
    'RangeError: Cannot create a mask: expected at least 6 parameters in all, got NaN',
  ],
])('createMask refuses parts that contradict themselves %#', (run, message) => {
  expect(refusalOf(run)).toBe(message)
})

test('maskStatistics tells size, kept and density of each weight', () => {
  expect(maskStatistics(createMask([first, second], 16))).toEqual([
    { name: 'a/kernel', size: 6, kept: 3, density: 0.5 },
    { name: 'b/kernel', size: 2, kept: 1, density: 0.5 },
  ])
})

test('denseMask keeps every prunable weight and counts the others', async () => {
  const model = smallModel()
  const mask = denseMask(model)
  expect(mask.weights.map(({ name, layer, role, shape }) => [name, layer, role, shape])).toEqual([
    ['hidden/kernel', 'hidden', 'kernel', [4, 6]],
    ['out/kernel', 'out', 'kernel', [6, 2]],
  ])
  expect([mask.size, mask.kept, mask.density, mask.parameters, mask.densityOverAll]).toEqual([
    36, 36, 1, 44, 1,
  ])
  expect(
    denseMask(model, { biases: true, include: 'out' }).weights.map(({ name }) => name),
  ).toEqual(['out/kernel', 'out/bias'])
  await expect(() => denseMask(model)).toLeaveNoTensors()
})

test('checkMask accepts the mask of a model, also of one built again', () => {
  const mask = denseMask(smallModel(1))
  checkMask(smallModel(2), mask)
})

test('checkMask refuses a mask with a weight that the model lacks, and names those it has', () => {
  const mask = createMask([weight('hidden/kernel_7', [2], 1, 1)], 2)
  expect(refusalOf(() => checkMask(smallModel(), mask))).toBe(
    'RangeError: Cannot use the mask: expected the weight hidden/kernel_7 in the model, ' +
      'got hidden/kernel, hidden/bias, out/kernel, out/bias',
  )
})

test('checkMask refuses a mask of another shape, even of the same size', () => {
  const other = sequential({ layers: [layers.dense({ name: 'out', units: 6, inputShape: [2] })] })
  expect(refusalOf(() => checkMask(smallModel(), denseMask(other)))).toBe(
    'TypeError: Cannot use the mask: expected shape [6, 2] for out/kernel, got [2, 6]',
  )
})

test.each([
  [() => createMask(null as never, 4), 'create a mask: expected a list of weights, got null'],
  [
    () => createMask([null] as never, 4),
    'create a mask: expected a shape of weight 0, got undefined',
  ],
  [
    () => encodeMask(null as never),
    'encode the mask: expected a mask, such as round.mask, got null',
  ],
  [
    () => maskStatistics({} as never),
    'count what the mask keeps: expected a mask, such as round.mask, got object',
  ],
])('%s refuses what is no mask', (make, message) => {
  expect(refusalOf(make)).toBe(`TypeError: Cannot ${message}`)
})

test('checkMask asks for names where tfjs has counted the layers of a model that is built anew', () => {
  const build = () => sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
  const mask = denseMask(build())
  expect(refusalOf(() => checkMask(build(), mask))).toMatch(
    /got dense_Dense\d+\/kernel, dense_Dense\d+\/bias\. Unnamed layers get new names in each model: name your layers, or match rounds by position with renameRounds of tfjs-prune\/runs\.$/,
  )
})
