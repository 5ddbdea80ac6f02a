/** Runs in the browser: shrinks models on the backend that it is told. */
import { memory, randomUniform, ready, setBackend, type Tensor } from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, units } from 'tfjs-prune'
import { shrink } from 'tfjs-prune/shrink'

/** What came out: plain JSON. */
export interface ShrunkOutcome {
  readonly parameters: { readonly before: number; readonly after: number }
  readonly multiplyAdds: { readonly before: number; readonly after: number }
  /** Channels that are left, by layer. */
  readonly left: Readonly<Record<string, number>>
  /**
   * Largest difference of an output from that of the masked model, as a share of the largest one.
   */
  readonly difference: number
  /** Tensors at the end, less those at the start. */
  readonly tensorsLeft: number
}

// Biases of 1: what is dead is a constant that is not 0.
const seeded = (seed: number) => ({
  kernelInitializer: initializers.glorotUniform({ seed }),
  biasInitializer: 'ones' as const,
})
const through = (layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(x) as SymbolicTensor

/**
 * Convolutions with batch norm and a residual sum, a depthwise one, a transposed one, a
 * concatenation.
 */
function network(): LayersModel {
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
  const x = input({ shape: [16, 16, 3] })
  const stem = through(layers.conv2d({ ...conv, name: 'stem', filters: 8, ...seeded(1) }), x)
  const wide = through(
    layers.conv2d({ name: 'wide', filters: 12, kernelSize: 1, ...seeded(2) }),
    stem,
  )
  const normal = through(
    layers.reLU({ maxValue: 6 }),
    through(layers.batchNormalization({ name: 'norm' }), wide),
  )
  const depthwise = layers.depthwiseConv2d({
    name: 'depthwise',
    kernelSize: 3,
    padding: 'same',
    depthwiseInitializer: initializers.glorotUniform({ seed: 3 }),
    biasInitializer: 'ones',
  })
  const narrow = layers.conv2d({ name: 'narrow', filters: 8, kernelSize: 1, ...seeded(4) })
  const sum = through(layers.add(), [stem, through(narrow, through(depthwise, normal))])
  const pooled = through(layers.maxPooling2d({ poolSize: 2 }), sum)
  const up = layers.conv2dTranspose({
    name: 'up',
    filters: 6,
    kernelSize: 2,
    strides: 2,
    ...seeded(5),
  })
  const joined = through(layers.concatenate(), [sum, through(up, pooled)])
  const flat = through(layers.globalAveragePooling2d({}), joined)
  const hidden = through(
    layers.dense({ name: 'hidden', units: 10, activation: 'tanh', ...seeded(6) }),
    flat,
  )
  return modelOf({
    inputs: x,
    outputs: through(layers.dense({ name: 'out', units: 3, ...seeded(7) }), hidden),
  })
}

/**
 * Prunes half of the units of some layers, shrinks, and compares on other inputs than the probes.
 */
async function half(backend: string): Promise<ShrunkOutcome> {
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
  const before = memory().numTensors
  const model = network()
  const select = { include: /^(depthwise|up|hidden)\/.*kernel$/ }
  const mask = await computeMask(model, { density: 0.5, granularity: units(), select })
  const { model: small, parameters, multiplyAdds, layers: sizes } = await shrink(model, { mask })
  applyMask(model, mask)
  const xs = randomUniform([5, 16, 16, 3], -1, 1, 'float32', 9)
  const difference = differenceOf(await valuesOf(model, xs), await valuesOf(small, xs))
  for (const one of [xs, model, small]) one.dispose()
  const left = Object.fromEntries(sizes.map(({ layer, after }) => [layer, after]))
  return { parameters, multiplyAdds, left, difference, tensorsLeft: memory().numTensors - before }
}

async function valuesOf(model: LayersModel, xs: Tensor): Promise<ArrayLike<number>> {
  const output = model.predict(xs) as Tensor
  const values = await output.data()
  output.dispose()
  return values
}

function differenceOf(wanted: ArrayLike<number>, got: ArrayLike<number>): number {
  const values = Array.from(wanted)
  const largest = Math.max(...values.map(Math.abs))
  return Math.max(...values.map((value, i) => Math.abs(value - got[i]!))) / largest
}

/** What the page can do. */
export const shrunk = { half }
