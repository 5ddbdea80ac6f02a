import { activationOption, withActivation } from './activations.js'
import { type Config, countOption, flagOption } from './config.js'
import { checkRank } from './image.js'
import { decline, type InnerLayer, type LayerReader, type LayerToRead } from './layer-reader.js'
import { denseValues, transposedMatrix } from './matrix.js'

/** The bias of a layer as an option of a product; nothing where it has none. */
export function biasOf(
  layer: LayerToRead,
  units: number,
  { config = layer.config, inner }: { config?: Config; inner?: InnerLayer } = {},
): { readonly bias?: Float32Array } {
  if (!flagOption(config, 'useBias', true)) return {}
  return layer.once('bias', () => ({ bias: denseValues(layer.weight('bias', [units], inner)) }))
}

/** A dense layer along the last axis of any input. */
function readAlong(layer: LayerToRead, config: Config, inner?: InnerLayer) {
  const activation = activationOption(config)
  if (typeof activation === 'string') return decline(`its activation is ${activation}`)
  const units = countOption(config, 'units')
  const input = layer.inputs[0]!
  const channels = input.shape.at(-1)!
  const matrix = layer.once('kernel', () =>
    transposedMatrix(layer.weight('kernel', [channels, units], inner)),
  )
  const operation = {
    kind: 'product',
    matrix,
    ...biasOf(layer, units, { config, ...(inner && { inner }) }),
  } as const
  const made = layer.emit(operation, [input], [...input.shape.slice(0, -1), units])
  return withActivation(layer, made, activation)
}

const dense: LayerReader = (layer) => {
  checkRank(layer, 1, Number.POSITIVE_INFINITY)
  return readAlong(layer, layer.config)
}

/** A dense layer at each step is one along the last axis; other wrapped layers decline. */
const timeDistributed: LayerReader = (layer) => {
  const { className, config } = layer.config.layer as { className?: string; config?: Config }
  if (className !== 'Dense' || !config) return decline(`it wraps ${className}`)
  checkRank(layer, 2, Number.POSITIVE_INFINITY)
  return readAlong(layer, config, { name: String(config.name), saved: '' })
}

export const denseReaders = { Dense: dense, TimeDistributed: timeDistributed }
