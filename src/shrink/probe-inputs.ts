import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { randomStream } from '../internal/random.js'
import { isTable } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { Graph } from './graph.js'

type Layer = layers.Layer

const SAMPLES = 4

/** Numbers below which inputs that are no floats are drawn. */
const BOUNDS: Readonly<Record<string, number>> = { int32: 10, bool: 2 }

/**
 * Shapes of the inputs that two models are compared on: those of the given tensors, or of a few
 * samples.
 */
export function probeShapes(model: LayersModel, probes: readonly Tensor[] | undefined): number[][] {
  if (probes) return probes.map(({ shape }) => shape)
  return model.inputs.map(({ name, shape, dtype }) => {
    const [batch, ...sides] = shape
    if (dtype !== 'float32' && !(dtype in BOUNDS)) throw probesWanted(`holds ${dtype}`, name)
    if (sides.some((side) => side === null)) throw probesWanted('leaves a side open', name)
    return [batch ?? SAMPLES, ...(sides as number[])]
  })
}

function probesWanted(reason: string, name: string): RangeError {
  const wanted = `the option probes, for the input ${name} ${reason}`
  return new RangeError(`Cannot shrink the model: expected ${wanted}, got none`)
}

/** Throws unless there is one tensor of numbers and of a fitting shape for each input. */
export function checkProbes(model: LayersModel, probes: readonly Tensor[]): void {
  if (probes.length !== model.inputs.length) {
    const wanted = `probes for ${model.inputs.length} inputs`
    throw new TypeError(`Cannot shrink the model: expected ${wanted}, got ${probes.length}`)
  }
  model.inputs.forEach(({ name, shape }, i) => {
    const fault = faultOf(probes[i], shape)
    if (fault === undefined) return
    const sides = shape.map((side) => side ?? 'any').join(', ')
    const wanted = `expected a tensor [${sides}] as probe for ${name}`
    throw new TypeError(`Cannot shrink the model: ${wanted}, got ${fault}`)
  })
}

/** The fault of a probe for an input of the given shape; undefined where it has none. */
function faultOf(
  probe: Tensor | undefined,
  wanted: readonly (number | null)[],
): string | undefined {
  const { shape, dtype, isDisposed } = probe ?? ({} as Partial<Tensor>)
  if (!Array.isArray(shape)) return 'another value'
  const isFitting =
    shape.length === wanted.length &&
    wanted.every((side, axis) => (side ?? shape[axis]) === shape[axis])
  if (!isFitting || shape.includes(0)) return `[${shape.join(', ')}]`
  if (!['float32', 'int32', 'bool'].includes(dtype!)) return `one of ${dtype}`
  return isDisposed ? 'a disposed one' : undefined
}

/**
 * Seeded inputs: numbers in [-1, 1), whole ones in range in front of an embedding. The caller
 * disposes them.
 */
export function drawProbes(
  graph: Graph,
  { shapes, seed }: { shapes: readonly number[][]; seed: number },
): Tensor[] {
  const words = wordsOf(graph)
  const random = randomStream(seed)
  return graph.inputs.map((symbol, i) => {
    const size = shapes[i]!.reduce((product, side) => product * side, 1)
    const bound = words.get(symbol) ?? BOUNDS[symbol.dtype]
    const draw = bound === undefined ? () => 2 * random.uniform() - 1 : () => random.below(bound)
    return tensor(Float32Array.from({ length: size }, draw), shapes[i]!, symbol.dtype as 'float32')
  })
}

/**
 * How many words the embeddings behind an input know, by the input; found from the embeddings
 * backwards.
 */
function wordsOf({ steps }: Graph): Map<SymbolicTensor, number> {
  const words = new Map<SymbolicTensor, number>()
  const limit = (tensors: readonly SymbolicTensor[], bound: number) => {
    for (const tensor of tensors) words.set(tensor, Math.min(bound, words.get(tensor) ?? bound))
  }
  for (const step of steps.toReversed()) {
    if ('layer' in step) {
      const own = Math.min(
        rowsIn(step.layer),
        ...step.outputs.map((tensor) => words.get(tensor) ?? Infinity),
      )
      if (own < Infinity) limit(step.inputs, own)
    } else {
      step.to.forEach((tensor, i) => {
        if (words.has(tensor)) limit([step.from[i]!], words.get(tensor)!)
      })
    }
  }
  return words
}

/** The fewest rows of a table within a layer: its own, or those of the layers in it. */
function rowsIn(layer: Layer): number {
  const { layer: wrapped } = layer as { layer?: Layer }
  const inner = (layer as Partial<LayersModel>).layers ?? (wrapped ? [wrapped] : [])
  const { weights = {}, sizes } = registeredKind(layer.getClassName()) ?? {}
  const isOne = Object.values(weights).some(isTable) && sizes?.row !== undefined
  const own = isOne ? Number(layer.getConfig()[sizes.row!]) : Number.POSITIVE_INFINITY
  return Math.min(own, ...inner.map(rowsIn))
}
