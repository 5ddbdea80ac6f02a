import { matMul, type Tensor } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { layerKind } from '../../src/layer-kinds/find-layer-kind.js'
import type { KindWeight } from '../../src/layer-kinds/layer-kind.js'
import { registerLayerKind } from '../../src/layer-kinds/registered-kinds.js'
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
const left: KindWeight = { use: 'kernel', axes: ['in', 'middle'], makes: ['middle'] }
const right_1: KindWeight = { use: 'kernel', axes: ['middle', 'out'] }
const shift: KindWeight = { use: 'shift', axes: ['out'] }
const unknown = (className: string) =>
  `the layer class ${className} is not known; registerLayerKind can say what its weights are`

test('selectWeights skips a layer of an unknown class and reports it once', () => {
  const { weights, skipped } = selectWeights(modelWith('LowRankA'), { biases: true })
  expect(weights.map(({ name }) => name)).toEqual(['a/kernel', 'a/bias'])
  expect(skipped).toEqual([{ layer: 'low', className: 'LowRankA', reason: unknown('LowRankA') }])
})

test('selectWeights refuses a layer of an unknown class on request', () => {
  expect(refusalOf(() => selectWeights(modelWith('LowRankB'), { unsupported: 'error' }))).toBe(
    'RangeError: Cannot prune the layer low: expected a class that registerLayerKind knows, got LowRankB',
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

test('registerLayerKind makes the weights of a custom layer prunable, numbered ones too', async () => {
  expect(layerKind('LowRankD')).toBeUndefined()
  const kind = { className: 'LowRankD', weights: { left, right_1, shift } }
  registerLayerKind(kind)
  expect(layerKind('LowRankD')).toEqual(kind)
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

test('registerLayerKind leaves a class alone on purpose when it has no kernels', () => {
  registerLayerKind({ className: 'LowRankE', weights: { shift } })
  const { weights, skipped } = selectWeights(modelWith('LowRankE'), {
    unsupported: 'error',
    biases: true,
  })
  expect(weights.map(({ name }) => name)).toEqual(['a/kernel', 'a/bias'])
  expect(skipped).toEqual([])
})

test('registerLayerKind replaces what was known of a class, and copies what it is given', () => {
  registerLayerKind({ className: 'LowRankF', weights: { left } })
  const weights: Record<string, KindWeight> = { right_1 }
  registerLayerKind({ className: 'LowRankF', weights })
  weights.left = left
  expect(selectWeights(modelWith('LowRankF')).weights.map(({ name }) => name)).toEqual([
    'a/kernel',
    'low/right_1',
  ])
})

test('layerKind knows layers without weights too, and a kind of a user before that of tfjs', () => {
  expect(layerKind('ReLU')).toMatchObject({ outputs: ['in'], stage: 'activation' })
  registerLayerKind({ className: 'Minimum', weights: {}, outputs: ['in'], passes: 'joined' })
  expect(layerKind('Minimum')?.passes).toBe('joined')
})

const task = 'TypeError: Cannot register a layer kind: expected'
const DIMENSIONS = 'in, out, multiple, gate, state, row, middle'
const of = (weight: unknown) => ({ className: 'X', weights: { a: weight } })
test.each<[unknown, string]>([
  [{ className: '', weights: {} }, 'a class name as text, got ""'],
  [undefined, 'a class name as text, got undefined'],
  [{ className: 'X', kernels: ['a'] }, 'weights of X, got undefined'],
  [{ className: 'X', weights: { '': left } }, 'names for all weights of X, got ""'],
  [
    of({ use: 'bias', axes: [] }),
    'kernel, scale, shift, mean, variance, other as use of X/a, got "bias"',
  ],
  [of({ use: 'shift' }), 'a list of axes of X/a, got undefined'],
  [of({ use: 'shift', axes: ['units'] }), `${DIMENSIONS} in X/a, got "units"`],
  [of({ use: 'shift', axes: ['out'], makes: ['all'] }), `${DIMENSIONS} in X/a, got "all"`],
  [{ className: 'X', weights: {}, outputs: ['x'] }, `${DIMENSIONS} in outputs, got "x"`],
])('registerLayerKind refuses %j', (kind, message) => {
  expect(refusalOf(() => registerLayerKind(kind as never))).toBe(`${task} ${message}`)
  expect(layerKind('X')).toBeUndefined()
})
