import { isDeclined, type LayerReader, type Value } from '../layers/layer-reader.js'
import { readerOf } from '../layers/readers.js'
import { readingError } from '../layers/reading-error.js'
import type { Network, Shape } from '../network/network.js'
import type { NetworkSource } from '../network/source.js'
import { foldScales } from '../passes/fold-scales.js'
import { joinBounds } from '../passes/join-bounds.js'
import { neededSteps } from '../passes/needed-steps.js'
import { newGraph } from './graph.js'
import { checkMasks } from './masks.js'
import type { LayerData, ModelData, Reference } from './model-data.js'
import { callInTfjs, type Reading, readCall } from './read-call.js'
import { isStockClass } from './stock-classes.js'
import { readTopology } from './topology.js'

/** Options of {@link readNetwork}. */
export interface ReadOptions {
  /** Shapes of the inputs, without the batch. @default those of the model */
  readonly inputShapes?: readonly Shape[]
  /** Readers of layer classes that are read in another way. @default none */
  readonly readers?: Readonly<Record<string, LayerReader>>
  /** The network is to run without tfjs, which cannot be handed in for other layers. @default no */
  readonly isAlone?: boolean
}

/**
 * Reads a model as a network: each layer as its steps, nested models opened. Batch normalisations
 * become part of the products before them, and layers that only training sees vanish.
 *
 * @throws {RangeError} If the topology is none of a layers model, a shape is open, a weight is
 *   missing or of another shape, or a layer is not known that the source cannot run either.
 */
export function readNetwork(source: NetworkSource, options: ReadOptions = {}): Network {
  return neededSteps(joinBounds(foldScales(readLayers(source, options))))
}

/** Reads a model as a network, each layer as it is. Throws as {@link readNetwork} does. */
export function readLayers(
  source: NetworkSource,
  { inputShapes, readers, isAlone = false }: ReadOptions = {},
): Network {
  const model = readTopology(source.topology)
  const isKnown = (className: string) => Boolean(readerOf(className)) || isStockClass(className)
  checkMasks(model, { isKnown, ...source })
  if (inputShapes) checkShapes(inputShapes, model.inputs.length)
  const graph = newGraph()
  const inputs = model.inputs.map((reference, i) =>
    graph.newValue(inputShape(model, reference, inputShapes?.[i])),
  )
  const reading: Reading = { source, graph, readers, isAlone, made: new Map() }
  return graph.finish(inputs, readModel(model, '', inputs, reading))
}

function checkShapes(shapes: readonly Shape[], inputs: number): void {
  if (!Array.isArray(shapes) || shapes.length !== inputs)
    throw readingError(`${inputs} shapes of inputs`, Array.isArray(shapes) ? shapes.length : shapes)
  const isWhole = (shape: unknown) =>
    Array.isArray(shape) && shape.every((side) => Number.isInteger(side) && side >= 1)
  const bad = shapes.find((shape) => !isWhole(shape))
  if (bad !== undefined)
    throw readingError('inputShapes of whole sides of at least 1', JSON.stringify(bad))
}

/** The shape of an input: the given one, which has the sides that the model does not leave open. */
function inputShape(model: ModelData, { layer: name }: Reference, given?: Shape): Shape {
  const layer = model.layers.find((one) => one.name === name)!
  const [, ...shape] = [layer.config.batchInputShape ?? []].flat() as (number | null)[]
  const isOpen = (side: number | null) => !(Number.isInteger(side) && side! >= 1)
  const told = `[${shape.map(String)}]`
  if (!given) {
    if (shape.length > 0 && !shape.some(isOpen)) return shape as number[]
    throw readingError(`a shape of the input ${name}; give inputShapes`, told)
  }
  const fits = shape.every((side, axis) => isOpen(side) || side === given[axis])
  if (shape.length === 0 || (fits && shape.length === given.length)) return given
  throw readingError(`a shape in inputShapes as that of the input ${name}, ${told}`, `[${given}]`)
}

/** Reads all calls of a model, each behind those that it needs; gives its outputs. */
function readModel(
  model: ModelData,
  prefix: string,
  given: readonly Value[],
  reading: Reading,
): Value[] {
  const values = new Map<string, readonly Value[]>()
  const key = ({ layer, call }: Omit<Reference, 'output'>) => `${call} ${layer}`
  if (given.length !== model.inputs.length)
    throw readingError(`${model.inputs.length} inputs of ${prefix}`, given.length)
  for (const [i, input] of model.inputs.entries()) values.set(key(input), [given[i]!])
  const outcomeOf = (reference: Reference): Value => {
    const value = values.get(key(reference))?.[reference.output]
    if (value) return value
    throw readingError(`output ${reference.output} of ${prefix}${reference.layer}`, 'none')
  }
  let waiting = model.layers.flatMap((layer) =>
    layer.calls.map((inputs, call) => ({ layer, inputs, call })),
  )
  while (waiting.length > 0) {
    const later: typeof waiting = []
    for (const one of waiting) {
      if (one.inputs.every((input) => values.has(key(input)))) {
        const made = readOne(one.layer, prefix, one.inputs.map(outcomeOf), reading)
        values.set(key({ layer: one.layer.name, call: one.call }), made)
      } else later.push(one)
    }
    if (later.length === waiting.length) {
      const { layer, inputs } = later[0]!
      const missing = inputs.find((input) => !values.has(key(input)))!
      throw readingError(
        `a way from the inputs to ${prefix}${layer.name}`,
        `none by ${missing.layer}`,
      )
    }
    waiting = later
  }
  return model.outputs.map(outcomeOf)
}

function readOne(
  layer: LayerData,
  prefix: string,
  inputs: readonly Value[],
  reading: Reading,
): readonly Value[] {
  const path = prefix + layer.name
  if (inputs.length === 0) throw readingError(`inputs of ${path}`, 'none')
  const declined = ownReason(reading.source, path)
  if (declined) return [callInTfjs(layer, path, inputs, { ...reading, declined })]
  if (layer.model) return readModel(layer.model, `${path}/`, inputs, reading)
  const outcome = readCall(layer, path, inputs, reading)
  if (isDeclined(outcome)) return [callInTfjs(layer, path, inputs, { ...reading, ...outcome })]
  return [outcome].flat()
}

/** Why the names in the topology do not tell what a layer does. */
function ownReason(source: NetworkSource, path: string): string | undefined {
  if (source.inheritsName?.(path)) return 'a class of its own has inherited this name'
  return source.ownActivation?.(path)
    ? 'its activation only bears the name of a stock one'
    : undefined
}
