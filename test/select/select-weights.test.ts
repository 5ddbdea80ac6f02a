import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  sequential,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { selectWeights } from '../../src/select/select-weights.js'
import type { SelectionOptions } from '../../src/select/selection-options.js'
import type { SelectableWeight, Selector } from '../../src/select/selector.js'
import { UnmatchedSelector } from '../../src/select/unmatched-selector.js'
import { refusalOf } from '../support/refusal-of.js'

/** `conv/kernel`, `encoder/wide/kernel`, `encoder/narrow/kernel`, `out/kernel` and their biases. */
function nestedModel(): LayersModel {
  const wide = layers.dense({ name: 'wide', units: 4, inputShape: [8] })
  const encoder = sequential({
    name: 'encoder',
    layers: [wide, layers.dense({ name: 'narrow', units: 3 })],
  })
  return sequential({
    layers: [
      layers.conv1d({
        name: 'conv',
        filters: 2,
        kernelSize: 2,
        padding: 'same',
        inputShape: [4, 2],
      }),
      layers.flatten({ name: 'flat' }),
      encoder,
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
}

const namesOf = (options?: SelectionOptions, model = nestedModel()) =>
  selectWeights(model, options)
    .weights.map(({ name }) => name)
    .join()
const all = 'conv/kernel,encoder/wide/kernel,encoder/narrow/kernel,out/kernel'

test('selectWeights describes all kernels by default, in the order of the model', () => {
  const { weights, skipped } = selectWeights(nestedModel())
  expect(namesOf()).toBe(all)
  expect(weights[1]).toEqual({
    name: 'encoder/wide/kernel',
    layer: 'encoder/wide',
    className: 'Dense',
    role: 'kernel',
    shape: [8, 4],
    size: 32,
    minimumKept: 1,
    maximumKept: 32,
  })
  expect(skipped).toEqual([])
})

test.each<[string, Selector, string]>([
  ['the name of a weight', 'out/kernel', 'out/kernel'],
  ['the name of a layer', 'conv', 'conv/kernel'],
  ['the name of a nested model', 'encoder', 'encoder/wide/kernel,encoder/narrow/kernel'],
  ['the path of a nested layer', 'encoder/narrow', 'encoder/narrow/kernel'],
  ['a pattern', /^encoder|^out/, 'encoder/wide/kernel,encoder/narrow/kernel,out/kernel'],
  ['a pattern that ends', /o.*kernel$/i, all],
  ['a function', ({ size }) => size > 12, 'encoder/wide/kernel'],
  [
    'a function of shape and class',
    ({ shape, className }) => className === 'Dense' && shape[1] === 2,
    'out/kernel',
  ],
  [
    'a list',
    ['conv', /narrow/, ({ name }) => name === 'out/kernel'],
    'conv/kernel,encoder/narrow/kernel,out/kernel',
  ],
  [
    'a list in a list',
    [['conv'], ['out', ['encoder/wide']]],
    'conv/kernel,encoder/wide/kernel,out/kernel',
  ],
])('selectWeights includes by %s', (_, include, names) => {
  expect(namesOf({ include })).toBe(names)
})

test('selectWeights takes a global or sticky pattern anew for each weight', () => {
  const [global, sticky] = [/kernel/g, /conv|out/y]
  global.lastIndex = 5
  for (let call = 0; call < 2; call++) {
    expect(namesOf({ include: global })).toBe(all)
    expect(namesOf({ include: sticky })).toBe('conv/kernel,out/kernel')
  }
  expect([global.lastIndex, sticky.lastIndex]).toEqual([5, 0])
})

test.each<[string, (name: string) => unknown, string]>([
  ['a match', (name) => name.match(/out/), 'null'],
  ['a text', () => 'yes', '"yes"'],
  ['nothing', () => undefined, 'undefined'],
  ['a promise', async () => true, 'a promise'],
])('selectWeights refuses %s as the answer of a function', (_, answer, got) => {
  const selector = (({ name }: SelectableWeight) => answer(name)) as (
    w: SelectableWeight,
  ) => boolean
  for (const option of ['include', 'exclude'])
    expect(refusalOf(() => namesOf({ [option]: [selector] }))).toBe(
      `TypeError: Cannot select weights: expected a selector function to say true or false, got ${got} for conv/kernel`,
    )
})

test('selectWeights excludes what it would include', () => {
  expect(namesOf({ exclude: 'encoder' })).toBe('conv/kernel,out/kernel')
  expect(
    namesOf({ include: ['encoder', 'out'], exclude: [/wide/, ({ layer }) => layer === 'out'] }),
  ).toBe('encoder/narrow/kernel')
})

test('selectWeights takes biases on request', () => {
  expect(namesOf({ biases: true, include: ['conv', 'out'] })).toBe(
    'conv/kernel,conv/bias,out/kernel,out/bias',
  )
  expect(namesOf({ biases: true, include: /bias$/, exclude: 'encoder' })).toBe('conv/bias,out/bias')
})

test('selectWeights leaves the last layer with a kernel whole on request', () => {
  expect(namesOf({ keepLastLayer: true })).toBe(
    'conv/kernel,encoder/wide/kernel,encoder/narrow/kernel',
  )
  expect(namesOf({ keepLastLayer: true, biases: true, include: /^out|^conv/ })).toBe(
    'conv/kernel,conv/bias',
  )
  const normalised = sequential({
    layers: [
      layers.dense({ name: 'a', units: 3, inputShape: [3] }),
      layers.dense({ name: 'b', units: 2 }),
    ],
  })
  normalised.add(layers.batchNormalization())
  expect(namesOf({ keepLastLayer: true }, normalised)).toBe('a/kernel')
})

test('selectWeights does not take another layer for the last one when that is frozen', () => {
  const model = nestedModel()
  model.layers.at(-1)!.trainable = false
  expect(namesOf({ keepLastLayer: true }, model)).toBe(
    'conv/kernel,encoder/wide/kernel,encoder/narrow/kernel',
  )
})

test('selectWeights leaves the last kernel before each of several outputs whole', () => {
  const inputs = input({ shape: [4] })
  const apply = (name: string, units: number, to = inputs) =>
    layers.dense({ name, units }).apply(to) as typeof inputs
  const trunk = apply('trunk', 6)
  const box = apply('box', 4, apply('neck', 5, trunk))
  const model = modelOf({ inputs, outputs: [apply('classes', 3, trunk), box] })
  expect(namesOf({ keepLastLayer: true }, model)).toBe('trunk/kernel,neck/kernel')
})

test('selectWeights leaves model and tensors alone', async () => {
  const model = nestedModel()
  await expect(() => selectWeights(model)).toLeaveNoTensors()
})

test.each(['include', 'exclude'])('UnmatchedSelector names the option %s', (option) => {
  const selecting = () => selectWeights(nestedModel(), { [option]: 'lost' })
  expect(selecting).toThrow(UnmatchedSelector)
  expect(selecting).toThrow(expect.objectContaining({ option }))
})

test('UnmatchedSelector lists no more than ten names', () => {
  const dense = () => layers.dense({ units: 2, inputShape: [2] })
  const deep = sequential({ layers: Array.from({ length: 13 }, dense) })
  const refusal = refusalOf(() => selectWeights(deep, { include: 'lost' }))
  expect(refusal.match(/\/kernel/g)).toHaveLength(10)
  expect(refusal).toContain(' and 3 more, got lost')
})

test.each<[SelectionOptions, string]>([
  [
    { include: 'dense' },
    `RangeError: Cannot select weights: expected include to name one of ${all.replaceAll(',', ', ')}, got dense`,
  ],
  [
    { exclude: /^kernel/ },
    `RangeError: Cannot select weights: expected exclude to name one of ${all.replaceAll(',', ', ')}, got /^kernel/`,
  ],
  [
    { include: ['conv', 'lost'] },
    `RangeError: Cannot select weights: expected include to name one of ${all.replaceAll(',', ', ')}, got lost`,
  ],
  [
    { include: 7 as never },
    'TypeError: Cannot select weights: expected a name, RegExp or function in include, got 7',
  ],
  [
    { exclude: [null] as never },
    'TypeError: Cannot select weights: expected a name, RegExp or function in exclude, got null',
  ],
  [
    { include: 'out', keepLastLayer: true },
    'RangeError: Cannot prune the model: expected at least one prunable weight, ' +
      `got a selection that leaves out all of ${all.replaceAll(',', ', ')}`,
  ],
  [
    { include: () => false },
    'RangeError: Cannot prune the model: expected at least one prunable weight, ' +
      `got a selection that leaves out all of ${all.replaceAll(',', ', ')}`,
  ],
])('selectWeights refuses the options %j', (options, message) => {
  expect(refusalOf(() => selectWeights(nestedModel(), options))).toBe(message)
})

test('selectWeights refuses a model without a prunable weight, whatever is included', () => {
  const model = sequential({ layers: [layers.batchNormalization({ inputShape: [3] })] })
  for (const options of [{}, { include: 'out' }, { biases: true }]) {
    expect(refusalOf(() => selectWeights(model, options))).toBe(
      'RangeError: Cannot prune the model: expected at least one prunable weight, got none',
    )
  }
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [{}, 'object'],
  ['model', '"model": load its model, loadLayersModel(path)'],
])('selectWeights refuses %j, which is no layers model', (model, got) => {
  expect(refusalOf(() => selectWeights(model as never))).toBe(
    `TypeError: Cannot read the weights: expected a LayersModel, got ${got}`,
  )
})
