import { engine, serialization } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { wrapperCalls } from '../internal/wrapped-layers.js'
import { copyState, layersIn, type Renew } from './copy-state.js'

type Layer = layers.Layer

/** A layer in a model's config. */
export interface LayerConfig {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string }
}

/**
 * Gives the new config of one layer that is no model; `paths` are its paths in the model. A wrapper is
 * asked about before the layer within it.
 */
export type Rewrite = (layer: LayerConfig, paths: readonly string[]) => LayerConfig

type FromConfig = (
  cls: unknown,
  config: unknown,
  customObjects: object,
  fastWeightInit: boolean,
) => LayersModel

/**
 * Builds a model anew from its config with some layers rewritten; sharing and nesting survive.
 * Weights, `trainable` and user-defined metadata are copied, masks and the compiled state are not.
 * Where shapes change, or a weight is added, `renew` gives the values. The caller disposes the new
 * model.
 */
export function rebuildModel(model: LayersModel, rewrite: Rewrite, renew?: Renew): LayersModel {
  const config = JSON.parse(JSON.stringify(model.getConfig())) as LayerConfig['config']
  const topology = rewriteLayer({ className: model.getClassName(), config }, '', rewrite)
  const rebuilt = build(topology)
  releaseHandles(rebuilt)
  try {
    copyState(model, rebuilt, renew)
  } catch (error) {
    rebuilt.dispose()
    throw error
  }
  return rebuilt
}

/** A build that fails midway leaves none of the weights behind that it has made so far. */
function build(topology: LayerConfig): LayersModel {
  const [cls, fromConfig] = registered(topology)
  const before = new Set(Object.values(engine().registeredVariables))
  try {
    // Fast initialisation: each value is overwritten later.
    return (fromConfig as unknown as FromConfig)(cls, topology.config, {}, true)
  } catch (error) {
    for (const variable of Object.values(engine().registeredVariables))
      if (!before.has(variable)) variable.dispose()
    const wanted = 'expected layers that can be built from what their getConfig() tells'
    throw new TypeError(`Cannot rebuild the model: ${wanted}, got ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function rewriteLayer(layer: LayerConfig, path: string, rewrite: Rewrite): LayerConfig {
  const { className, config } = layer
  const prefix = path ? `${path}/` : ''
  if (Array.isArray(config.layers)) {
    const inner = (config.layers as LayerConfig[]).map((entry) => {
      registered(entry)
      return rewriteLayer(entry, prefix + entry.config.name, rewrite)
    })
    return { ...layer, config: { ...config, layers: inner } }
  }
  const calls = wrapperCalls(className)
  if (!calls) return rewrite(layer, [path])
  const wrapped = config.layer as LayerConfig
  registered(wrapped)
  const names = calls === 'steps' ? [''] : ['forward_', 'backward_']
  const paths = names.map((name) => prefix + name + wrapped.config.name)
  // The shape of the inputs, which the first layer of a sequential model has, is the wrapper's own.
  const own = rewrite(layer, [path])
  return { ...own, config: { ...own.config, layer: rewrite(wrapped, paths) } }
}

function registered({ className, config }: LayerConfig) {
  const entry = serialization.SerializationMap.getMap().classNameMap[className]
  if (entry) return entry
  const wanted = 'expected a class known to tf.serialization.registerClass'
  throw new TypeError(`Cannot rebuild the model: ${wanted}, got ${className} (${config.name})`)
}

/**
 * Lets `dispose` of the model free all its layers. tfjs counts a handle for each use of a layer and
 * for each nested model, but a model gives up one for each layer (and, unless it is a Sequential,
 * another for each nested model), so that shared layers would stay.
 */
function releaseHandles(model: Layer): void {
  const forNested = model.getClassName() === 'Sequential' ? 1 : 2
  for (const layer of layersIn(model)) {
    const isNested = layersIn(layer).length > 0
    if (isNested) releaseHandles(layer)
    const given = isNested ? forNested : 1
    for (let handles = layer.inboundNodes.length; handles > given; handles--) layer.dispose()
  }
}
