import { train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { magnitude } from '../../src/criteria/magnitude.js'
import { protecting } from '../../src/criteria/protecting.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { checkMask } from '../../src/masks/check-mask.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { encodeMask } from '../../src/masks/encode-mask.js'
import { createMask, type Mask, type MaskedWeight } from '../../src/masks/mask.js'
import { maskStatistics } from '../../src/masks/mask-statistics.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { weightsByName } from '../support/weights.js'

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

const whole = () => createMask([{ ...part, shape: [6, 2], values: new Uint8Array(12).fill(1) }], 44)
const part = { name: 'out/kernel', layer: 'out', role: 'kernel' }
const withValues = (values: unknown, kept = 12): Mask => {
  const { weights, ...counts } = whole()
  return { ...counts, weights: [{ ...weights[0]!, values: values as Uint8Array, kept }] }
}
const edited = () => {
  const mask = whole()
  mask.weights[0]!.values.fill(0, 0, 5)
  return mask
}

describe.each<[string, () => Mask, string]>([
  [
    'edited values',
    edited,
    'expected kept to be 7 for out/kernel, got 12: make changed masks anew by createMask',
  ],
  [
    'values of another length',
    () => withValues(new Uint8Array(3)),
    'expected 12 values in a Uint8Array for out/kernel, got 3 values',
  ],
  [
    'another value',
    () => withValues(new Uint8Array(12).fill(2)),
    'expected zeros and ones for out/kernel, got another value',
  ],
  [
    'another count in all',
    () => ({ ...whole(), kept: 3 }),
    'expected kept of the mask to be 12, got 3: make changed masks anew by createMask',
  ],
  [
    'another density',
    () => ({ ...whole(), density: 0.25 }),
    'expected density of the mask to be 1, got 0.25: make changed masks anew by createMask',
  ],
  [
    'fewer parameters than weights',
    () => ({ ...whole(), parameters: 11 }),
    'expected at least 12 parameters in all, got 11',
  ],
])('a mask of %s', (name, make, message) => {
  test.each<[string, (mask: Mask) => unknown]>([
    ['checkMask', (mask) => checkMask(smallModel(), mask)],
    ['applyMask', (mask) => applyMask(smallModel(), mask)],
    ['maskedOptimizer', (mask) => maskedOptimizer(smallModel(), train.sgd(1), mask)],
    ['encodeMask', encodeMask],
    ['maskStatistics', maskStatistics],
    ['protecting', (mask) => protecting(magnitude(), mask)],
  ])(`%s refuses a mask of ${name}`, (_, use) => {
    expect(refusalOf(() => use(make()))).toContain(message)
  })

  test(`computeMask refuses ${name} in the previous mask`, async () => {
    const select = { include: 'out/kernel' }
    const run = () => computeMask(smallModel(), { density: 0.5, previous: make(), select })
    expect(await lateRefusalOf(run)).toContain(message)
  })
})

test('computeMask refuses a previous mask from JSON', async () => {
  const previous = JSON.parse(JSON.stringify(whole()))
  const run = () =>
    computeMask(smallModel(), { density: 0.5, previous, select: { include: 'out/kernel' } })
  expect(await lateRefusalOf(run)).toMatch(
    /^TypeError: .+ typed arrays in the mask, .+ encodeMask$/,
  )
})

test('applyMask changes nothing where a later weight does not fit', () => {
  const model = smallModel()
  const before = weightsByName(model)
  const mask = denseMask(model)
  mask.weights[0]!.values.fill(0, 0, 3)
  const weights = [
    { ...mask.weights[0]!, kept: 21 },
    { ...mask.weights[1]!, values: new Uint8Array(3) },
  ]
  expect(refusalOf(() => applyMask(model, { ...mask, weights }))).toMatch(/got 3 values$/)
  expect(weightsByName(model)).toEqual(before)
})
