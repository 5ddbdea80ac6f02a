import { flagOption, numberOption } from './config.js'
import { decline, type LayerReader, type LayerToRead } from './layer-reader.js'
import { denseValues } from './matrix.js'

/** A weight with one element for each channel; `otherwise` everywhere where the layer has none. */
function channelsOf(layer: LayerToRead, role: string, option?: string, otherwise = 0) {
  const channels = layer.inputs[0]!.shape.at(-1)!
  if (option && !flagOption(layer.config, option, true))
    return new Float32Array(channels).fill(otherwise)
  return denseValues(layer.weight(role, [channels]))
}

/** Whether an option names the last axis alone, the batch being axis 0. */
function isLastAxis({ config, inputs }: LayerToRead): boolean {
  const axes = [config.axis ?? -1].flat()
  return axes.length === 1 && (axes[0] === -1 || axes[0] === inputs[0]!.shape.length)
}

const batchNormalization: LayerReader = (layer) => {
  if (!isLastAxis(layer)) return decline('it normalises another axis than the last')
  const epsilon = numberOption(layer.config, 'epsilon', 1e-3)
  const { factors, terms } = layer.once('scale', () => {
    const [gamma, beta] = [
      channelsOf(layer, 'gamma', 'scale', 1),
      channelsOf(layer, 'beta', 'center'),
    ]
    const [mean, variance] = [
      channelsOf(layer, 'moving_mean'),
      channelsOf(layer, 'moving_variance'),
    ]
    const exact = Array.from(gamma, (scale, i) => scale / Math.sqrt(variance[i]! + epsilon))
    return {
      factors: Float32Array.from(exact),
      terms: Float32Array.from(exact, (factor, i) => beta[i]! - mean[i]! * factor),
    }
  })
  const input = layer.inputs[0]!
  return layer.emit({ kind: 'scale', factors, terms }, [input], input.shape)
}

const layerNormalization: LayerReader = (layer) => {
  if (!isLastAxis(layer)) return decline('it normalises other axes than the last')
  const epsilon = numberOption(layer.config, 'epsilon', 1e-3)
  const weights = layer.once('scale', () => ({
    factors: channelsOf(layer, 'gamma', 'scale', 1),
    terms: channelsOf(layer, 'beta', 'center'),
  }))
  const input = layer.inputs[0]!
  return layer.emit({ kind: 'layerNormalise', epsilon, ...weights }, [input], input.shape)
}

const rescaling: LayerReader = (layer) => {
  const input = layer.inputs[0]!
  const channels = input.shape.at(-1)!
  const filled = (value: number) => new Float32Array(channels).fill(value)
  const factors = filled(numberOption(layer.config, 'scale'))
  const terms = filled(numberOption(layer.config, 'offset', 0))
  return layer.emit({ kind: 'scale', factors, terms }, [input], input.shape)
}

export const normalisationReaders = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Rescaling: rescaling,
}
