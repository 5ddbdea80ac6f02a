import { layerKind } from '../layer-kinds/find-layer-kind.js'
import type { LayerConfig, Rewrite } from '../layers/rebuild-model.js'
import { ownChannels, ownUnits } from './own-channels.js'
import type { Plan } from './plan.js'

/** Rewrites the configs of a model's layers for the channels that stay. */
export function cutLayers({ graph, understood, keptOf, shifts }: Plan): Rewrite {
  return (entry, paths) => {
    const [path] = paths as [string]
    const call = understood.get(path)
    const input = graph.inputLayers.get(path) ?? call?.inputs[0]
    let config = { ...entry.config }
    if (input && keptOf(input).length > 0) config = withInput(config, keptOf(input).length)
    if (call) config = withOutput(entry, config, ownUnits(call, keptOf).stay.length)
    if (paths.some((own) => shifts.has(own))) config = withShift(entry, config)
    return { ...entry, config }
  }
}

/**
 * The first layer of a sequential model, and input layers, have the shape of their inputs in their
 * configs.
 */
function withInput(config: LayerConfig['config'], channels: number): LayerConfig['config'] {
  const { batchInputShape: shape } = config
  return Array.isArray(shape)
    ? { ...config, batchInputShape: [...shape.slice(0, -1), channels] }
    : config
}

/** A layer whose constant inputs go has a bias from now on. */
function withShift({ className }: LayerConfig, config: LayerConfig['config']) {
  const { weights = {} } = layerKind(className) ?? {}
  const option = Object.values(weights).find(({ use }) => use === 'shift')?.option
  return option ? { ...config, [option]: true } : config
}

function withOutput({ className }: LayerConfig, config: LayerConfig['config'], channels: number) {
  const option = ownChannels(className)?.option
  if (option) return { ...config, [option]: channels }
  const target = config.targetShape as (number | null)[]
  if (className !== 'Reshape' || !((target.at(-1) ?? -1) > 0)) return config
  return { ...config, targetShape: [...target.slice(0, -1), channels] }
}
