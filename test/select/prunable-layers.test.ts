import { matMul, type Tensor } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { prunableLayer, registerPrunableLayer } from '../../src/select/prunable-layers.js'
import { selectWeights } from '../../src/select/select-weights.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { refusalOf } from '../support/refusal-of.js'

/**
 * x A B with a narrow middle: a layer that the library has never seen. A class name a test, since
 * registration stays.
 */
function lowRank(className: string, name: string): layers.Layer {
  class LowRank extends layers.Layer {
    #parts: ReturnType<LowRank['addWeight']>[] = []
    static className = className
    override getClassName() {
      return className
    }
    override build(shape: number[]): void {
      const side = shape.at(-1)!
      const init = initializers.glorotNormal({ seed: 1 })
      this.#parts = [
        this.addWeight('left', [side, 2], 'float32', init),
        this.addWeight('right_1', [2, side], 'float32', init),
        this.addWeight('shift', [side], 'float32', init),
      ]
      this.built = true
    }
    override computeOutputShape(shape: number[]) {
      return shape
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs
      const [left, right] = this.#parts.map((part) => part.read())
      return matMul(matMul(x, left!), right!)
    }
  }
  return new LowRank({ name })
}

const modelWith = (className: string) =>
  sequential({
    layers: [layers.dense({ name: 'a', units: 4, inputShape: [4] }), lowRank(className, 'low')],
  })
const unknown = (className: string) =>
  `the layer class ${className} is not known; registerPrunableLayer can say which weights to prune`

test('selectWeights skips a layer of an unknown class and reports it once', () => {
  const { weights, skipped } = selectWeights(modelWith('LowRankA'), { biases: true })
  expect(weights.map(({ name }) => name)).toEqual(['a/kernel', 'a/bias'])
  expect(skipped).toEqual([{ layer: 'low', className: 'LowRankA', reason: unknown('LowRankA') }])
})

test('selectWeights refuses a layer of an unknown class on request', () => {
  expect(refusalOf(() => selectWeights(modelWith('LowRankB'), { unsupported: 'error' }))).toBe(
    'RangeError: Cannot prune the layer low: expected a class that registerPrunableLayer knows, got LowRankB',
  )
})

test('selectWeights says which classes it does not know when nothing else is there', () => {
  const alone = sequential({
    layers: [layers.inputLayer({ inputShape: [4] }), lowRank('LowRankC', 'low')],
  })
  expect(refusalOf(() => selectWeights(alone))).toBe(
    'RangeError: Cannot prune the model: expected at least one prunable weight, ' +
      `got none; low is skipped: ${unknown('LowRankC')}`,
  )
})

test('registerPrunableLayer makes the weights of a custom layer prunable, numbered ones too', async () => {
  expect(prunableLayer('LowRankD')).toBeUndefined()
  registerPrunableLayer({ className: 'LowRankD', kernels: ['left', 'right_1'], biases: ['shift'] })
  expect(prunableLayer('LowRankD')).toEqual({
    className: 'LowRankD',
    kernels: ['left', 'right_1'],
    biases: ['shift'],
  })
  const model = modelWith('LowRankD')
  const { weights, skipped } = selectWeights(model, { biases: true, unsupported: 'error' })
  expect(weights.map(({ name }) => name)).toEqual([
    'a/kernel',
    'a/bias',
    'low/left',
    'low/right_1',
    'low/shift',
  ])
  expect(skipped).toEqual([])
  expect(selectWeights(model, { keepLastLayer: true }).weights.map(({ name }) => name)).toEqual([
    'a/kernel',
  ])
  const mask = await computeMask(model, { density: 0.25 })
  expect(mask.weights.map(({ name, kept }) => `${name} ${kept}`)).toEqual([
    'a/kernel 4',
    'low/left 2',
    'low/right_1 2',
  ])
})

test('registerPrunableLayer leaves a class alone on purpose when it has no kernels', () => {
  registerPrunableLayer({ className: 'LowRankE', kernels: [] })
  const { weights, skipped } = selectWeights(modelWith('LowRankE'), { unsupported: 'error' })
  expect(weights.map(({ name }) => name)).toEqual(['a/kernel'])
  expect(skipped).toEqual([])
})

test('registerPrunableLayer replaces what was known of a class, and copies what it is given', () => {
  const kernels = ['left']
  registerPrunableLayer({ className: 'LowRankF', kernels })
  registerPrunableLayer({ className: 'LowRankF', kernels: ['right_1'] })
  kernels.push('shift')
  expect(selectWeights(modelWith('LowRankF')).weights.map(({ name }) => name)).toEqual([
    'a/kernel',
    'low/right_1',
  ])
})

test.each<[unknown, string]>([
  [
    { className: '', kernels: [] },
    'TypeError: Cannot register a prunable layer: expected names as text, got ""',
  ],
  [
    { className: 'X', kernels: ['a', 3] },
    'TypeError: Cannot register a prunable layer: expected names as text, got 3',
  ],
  [
    { className: 'X', kernels: ['a'], biases: [''] },
    'TypeError: Cannot register a prunable layer: expected names as text, got ""',
  ],
  [
    { className: 'X', kernels: 'kernel' },
    'TypeError: Cannot register a prunable layer: expected lists of roles for X, got string',
  ],
  [
    { className: 'X', kernels: [], biases: 'bias' },
    'TypeError: Cannot register a prunable layer: expected lists of roles for X, got string',
  ],
])('registerPrunableLayer refuses %j', (layer, message) => {
  expect(refusalOf(() => registerPrunableLayer(layer as never))).toBe(message)
  expect(prunableLayer('X')).toBeUndefined()
})
