import { describe } from '../../internal/describe.js'
import { type Config, withCamelKeys } from '../layers/config.js'
import { readingError } from '../layers/reading-error.js'
import { chained } from './chained.js'
import type { LayerData, ModelData, Reference } from './model-data.js'

/** A layer as JSON, keys in the words of tfjs. */
export interface LayerJson {
  readonly name?: unknown
  readonly className?: unknown
  readonly config?: unknown
  readonly inboundNodes?: unknown
}

/** Reads Keras JSON: that of `toJSON`, of `model.json`, or with `model_config` around it. */
export function readTopology(topology: object): ModelData {
  let json = withCamelKeys(topology) as Record<string, unknown>
  for (const wrapper of ['modelTopology', 'modelConfig'])
    if (isObject(json?.[wrapper])) json = json[wrapper] as Record<string, unknown>
  const model = readModel(json)
  if (!model) throw readingError('the JSON of a layers model', describe(json.className ?? json))
  return model
}

/** Reads a layer that is a model; undefined for another layer. */
export function readModel({ className, config }: LayerJson): ModelData | undefined {
  if (className === 'Sequential') {
    const layers = Array.isArray(config) ? config : (config as Config | undefined)?.layers
    return chained(listOf(layers, 'layers of a sequential model').map(readLayer))
  }
  // A class of a user may hold layers as well.
  if (!isObject(config) || !Array.isArray(config.layers) || !config.inputLayers) return undefined
  const layers = config.layers.map(readLayer)
  const named = new Map(layers.map((layer) => [layer.name, layer]))
  if (named.size < layers.length) throw readingError('layers of different names', 'one name twice')
  const references = (list: unknown, what: string) =>
    listOf(list, what).map((one) => resolved(readReference(one, what), named))
  return {
    layers: layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => call.map((reference) => resolved(reference, named))),
    })),
    inputs: references(config.inputLayers, 'inputLayers'),
    outputs: references(config.outputLayers, 'outputLayers'),
  }
}

function readLayer(json: unknown): LayerData {
  const { name, className, config: given, inboundNodes } = json as LayerJson
  if (typeof className !== 'string' || !isObject(given))
    throw readingError('layers with a class name and a config', describe(className))
  const { layer } = given
  const config = isObject(layer) ? { ...given, layer: withStockClass(layer) } : given
  const own = config.name ?? name
  if (typeof own !== 'string')
    throw readingError(`a name for a layer of ${className}`, describe(own))
  const stock = withStockClass({ className, config })
  const model = readModel(stock)
  const calls = listOf(inboundNodes ?? [], `inbound nodes of ${own}`).map((call) =>
    listOf(call, `inbound nodes of ${own}`).map((one) => readReference(one, `inputs of ${own}`)),
  )
  return { name: own, ...stock, calls, ...(model && { model }) }
}

/** A masking layer computes as the stock layer does, with weights that its source masks. */
function withStockClass<T extends { readonly className?: unknown }>(layer: T) {
  return { ...layer, className: String(layer.className).replace(/^tfjs-prune>/, '') }
}

function readReference(json: unknown, what: string): Reference {
  const [layer, call, output] = listOf(json, what)
  if (typeof layer === 'string' && Number.isInteger(call) && Number.isInteger(output))
    return { layer, call: call as number, output: output as number }
  throw readingError(`names of layers with two numbers in ${what}`, JSON.stringify(json))
}

/** A model counts itself as its first call, in the file. */
function resolved(reference: Reference, named: ReadonlyMap<string, LayerData>): Reference {
  const layer = named.get(reference.layer)
  if (!layer) throw readingError(`a layer ${reference.layer}, which others read`, 'none')
  const call = layer.model ? reference.call - 1 : reference.call
  if (call < 0 || call >= Math.max(1, layer.calls.length))
    throw readingError(`${layer.calls.length} calls of ${layer.name}`, `number ${call}`)
  return { ...reference, call }
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw readingError(`a list of ${what}`, describe(value))
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
