import { matMul, type Tensor } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { layerKind } from '../../src/layer-kinds/find-layer-kind.js'
import type { Axis, Dimension, KindWeight, LayerKind } from '../../src/layer-kinds/layer-kind.js'
import { passing } from '../../src/layer-kinds/passing.js'
import { registerLayerKind } from '../../src/layer-kinds/registered-kinds.js'
import { stockKinds } from '../../src/layer-kinds/stock-kinds.js'
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

/** A kind as a caller without types sees it. */
interface Mutable {
  weights: Record<string, { use: KindWeight['use']; axes: Axis[]; makes?: Dimension[] }>
  sizes?: Partial<Record<Dimension, string>>
  gates?: string[]
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

test('layerKind gives a frozen value to any depth, for stock classes too', () => {
  for (const className of ['Dense', 'ReLU', 'SeparableConv2D']) {
    const kind = layerKind(className)!
    const parts = [kind, kind.weights, kind.outputs, kind.weights.kernel, kind.weights.kernel?.axes]
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true)
  }
  const { weights, sizes } = layerKind('Dense') as unknown as Mutable
  expect(() => (weights.kernel!.axes[0] = 'out')).toThrow(TypeError)
  expect(() => (weights.gain = { use: 'shift', axes: ['out'] })).toThrow(TypeError)
  expect(() => (sizes!.out = 'filters')).toThrow(TypeError)
  expect(layerKind('Dense')).toEqual({
    className: 'Dense',
    weights: {
      kernel: { use: 'kernel', axes: ['in', 'out'] },
      bias: { use: 'shift', axes: ['out'], option: 'useBias' },
    },
    sizes: { out: 'units' },
    called: 'units',
  })
  const separable = layerKind('SeparableConv2D')!
  expect(Object.isFrozen(separable.weights.pointwise_kernel!.axes[0])).toBe(true)
})

test('registerLayerKind copies to any depth, and leaves the value of the caller writable', () => {
  const closed = () => 'never'
  const kind: Mutable & Pick<LayerKind, 'className' | 'closed'> = {
    className: 'LowRankG',
    weights: { left: { use: 'kernel', axes: ['in', ['gate', 'out']], makes: ['out'] } },
    sizes: { out: 'units' },
    gates: ['one', 'two'],
    closed,
  }
  const before = structuredClone({ ...kind, closed: undefined })
  registerLayerKind(kind)
  kind.weights.left!.axes.push('row')
  kind.weights.left!.makes!.pop()
  kind.sizes!.out = 'filters'
  kind.gates!.length = 0
  expect(layerKind('LowRankG')).toEqual({ ...before, closed })
  expect(Object.isFrozen(layerKind('LowRankG')!.weights.left!.axes[1])).toBe(true)
  expect(Object.isFrozen(layerKind('LowRankG')!.gates)).toBe(true)
})

test('registerLayerKind takes the kinds of all stock classes', () => {
  for (const { className } of [...stockKinds, ...passing]) {
    const kind = layerKind(className)!
    registerLayerKind(kind)
    expect(layerKind(className)).toEqual(kind)
  }
})

const DIMENSIONS = 'some of in, out, multiple, gate, state, row, middle, each once'
const KIND = [
  ...['className', 'weights', 'outputs', 'sizes', 'window', 'ignoresDilation', 'recurrent'],
  ...['cell', 'gates', 'passes', 'stage', 'probabilities', 'called', 'closed'],
].join(', ')
const WEIGHT = 'options among use, axes, makes, option, initializer'
const USE = `use of a to be 'kernel' or 'scale' or 'shift' or 'mean' or 'variance' or 'other', got "bias"`
const text = (name: string, got: string) => `${name} to be text that is not empty, got ${got}`
const of = (weight: unknown) => ({ className: 'X', weights: { a: weight } })
const having = (facts: object) => ({ className: 'X', weights: {}, ...facts })
const axes = ['in', 'out']
const isShift = { use: 'shift', axes: ['out'] }
const cyclic: Record<string, unknown> = {}
cyclic.self = cyclic

const wrongTypes: [what: string, kind: unknown, message: string][] = [
  ['nothing', undefined, 'an object of options with className and weights, got undefined'],
  ['a list', [], 'an object of options with className and weights, got a list'],
  ['an empty class name', { className: '', weights: {} }, text('className', '""')],
  ['no class name', { weights: {} }, text('className', 'undefined')],
  ['a value that holds itself', { className: cyclic, weights: {} }, text('className', 'object')],
  ['a big integer', { className: 1n, weights: {} }, text('className', 'bigint')],
  ['another name for weights', having({ kernels: [] }), `options among ${KIND}, got kernels`],
  ['size', having({ size: {} }), `options among ${KIND}, got size: did you mean sizes?`],
  ['output', having({ output: [] }), `options among ${KIND}, got output: did you mean outputs?`],
  ['no weights', { className: 'X' }, 'weights to be an object of weights by role, got undefined'],
  [
    'a list of weights',
    { className: 'X', weights: [isShift] },
    'weights to be an object of weights by role, got a list',
  ],
  ['a role without name', { className: 'X', weights: { '': left } }, text('each role', '""')],
  ['a weight that is text', of('kernel'), 'an object of options with use and axes, got "kernel"'],
  ['make', of({ ...isShift, make: [] }), `${WEIGHT}, got make: did you mean makes?`],
  [
    'initialiser',
    of({ ...isShift, initialiser: 'x' }),
    `${WEIGHT}, got initialiser: did you mean initializer?`,
  ],
  [
    'a weight without axes',
    of({ use: 'shift' }),
    `axes of a to be a list of ${DIMENSIONS}, got undefined`,
  ],
  [
    'axes as text',
    of({ use: 'shift', axes: 'in' }),
    `axes of a to be a list of ${DIMENSIONS}, got "in"`,
  ],
  ['a flag as option', of({ ...isShift, option: true }), text('option of a', 'boolean')],
  ['a number as initializer', of({ ...isShift, initializer: 0 }), text('initializer of a', '0')],
  ['sizes as a list', having({ sizes: ['units'] }), 'an object of options, got a list'],
  [
    'the size of an unknown dimension',
    having({ sizes: { outs: 'units' } }),
    'options among in, out, multiple, gate, state, row, middle, got outs: did you mean out?',
  ],
  ['a number as a size', having({ sizes: { out: 3 } }), text('out of sizes', '3')],
  ['a flag that is none', having({ recurrent: 1 }), 'recurrent to be true or false, got 1'],
  ['no dilation', having({ ignoresDilation: 'x' }), 'ignoresDilation to be true or false, got "x"'],
  ['a cell as a class', having({ cell: class {} }), text('cell', 'function')],
  [
    'a number of gates',
    having({ gates: 4 }),
    'gates to be a list of at least one name, each once, got 4',
  ],
  ['closed that is text', having({ closed: 'no' }), 'a function as closed, got "no"'],
]

const wrongValues: [what: string, kind: unknown, message: string][] = [
  ['a weight without use', of({ axes }), USE.replace('"bias"', 'undefined')],
  ['an unknown use', of({ use: 'bias', axes: [] }), USE],
  [
    'an unknown axis',
    of({ ...isShift, axes: ['units'] }),
    `axes of a to be a list of ${DIMENSIONS}, got "units"`,
  ],
  [
    'a dimension on two axes',
    of({ use: 'kernel', axes: ['out', 'out'] }),
    `axes of a to be a list of ${DIMENSIONS}, got "out" twice`,
  ],
  [
    'a dimension twice within an axis',
    of({ use: 'kernel', axes: ['in', ['gate', 'in']] }),
    `axes of a to be a list of ${DIMENSIONS}, got "in" twice`,
  ],
  [
    'unknown makes',
    of({ use: 'kernel', axes, makes: ['all'] }),
    `makes of a to be a list of ${DIMENSIONS}, got "all"`,
  ],
  ['unknown outputs', having({ outputs: ['x'] }), `outputs to be a list of ${DIMENSIONS}, got "x"`],
  ['a window', having({ window: 'slides' }), `window to be 'gathers' or 'spreads', got "slides"`],
  ['passes', having({ passes: 'all' }), `passes to be 'same' or 'order' or 'joined', got "all"`],
  [
    'probabilities',
    having({ probabilities: 'keep' }),
    `probabilities to be 'kept' or 'unnormalised' or 'lost' or 'none', got "keep"`,
  ],
  [
    'a stage',
    having({ stage: 'norm' }),
    `stage to be 'activation' or 'normalisation' or 'noise', got "norm"`,
  ],
  [
    'a word',
    having({ called: 'unit' }),
    `called to be 'units' or 'filters' or 'channels' or 'dimensions', got "unit"`,
  ],
  [
    'no gates',
    having({ gates: [] }),
    'gates to be a list of at least one name, each once, got an empty list',
  ],
  [
    'a gate twice',
    having({ gates: ['in', 'in'] }),
    'gates to be a list of at least one name, each once, got "in" twice',
  ],
  [
    'a masking layer',
    { className: 'tfjs-prune>X', weights: {} },
    'className without tfjs-prune>, which masking layers begin with, got "tfjs-prune>X"',
  ],
  [
    'the cell of another class',
    having({ cell: 'LSTMCell' }),
    'a cell that no other kind has, got "LSTMCell" of LSTM',
  ],
]

test.each([
  ...wrongTypes.map((one) => ['TypeError', ...one] as const),
  ...wrongValues.map((one) => ['RangeError', ...one] as const),
])('registerLayerKind refuses with a %s: %s', (error, _, kind, message) => {
  const wanted = `${error}: Cannot register a layer kind: expected ${message}`
  expect(refusalOf(() => registerLayerKind(kind as never))).toBe(wanted)
  expect(layerKind('X')).toBeUndefined()
  expect(layerKind('tfjs-prune>X')).toBeUndefined()
})
