import type { Operation } from '../network/network.js'
import {
  activationOption,
  cut,
  elu,
  leakyRelu,
  thresholdedRelu,
  withActivation,
} from './activations.js'
import { type Config, numberOption } from './config.js'
import { elementsOf } from './image.js'
import { decline, type LayerReader } from './layer-reader.js'
import { denseValues } from './matrix.js'

const elementwise =
  (operationOf: (config: Config) => Operation): LayerReader =>
  (layer) => {
    const input = layer.inputs[0]!
    return layer.emit(operationOf(layer.config), [input], input.shape)
  }

const activation: LayerReader = (layer) => {
  const operation = activationOption(layer.config)
  if (typeof operation === 'string') return decline(`its activation is ${operation}`)
  return withActivation(layer, layer.inputs[0]!, operation)
}

const softmax: LayerReader = (layer) => {
  const input = layer.inputs[0]!
  // tfjs counts the batch as axis 0, and its default is 1.
  const axes = [layer.config.axis ?? 1].flat()
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== input.shape.length))
    return decline('its axis is not the last')
  return layer.emit({ kind: 'softmax', log: false }, [input], input.shape)
}

const prelu: LayerReader = (layer) => {
  const input = layer.inputs[0]!
  const { shape } = input
  const shared = [layer.config.sharedAxes ?? []].flat()
  const own = shape.map((side, axis) => (shared.includes(axis + 1) ? 1 : side))
  const { alpha } = layer.once('alpha', () => ({
    alpha: spread(denseValues(layer.weight('alpha', own)), own, shape),
  }))
  return layer.emit({ kind: 'parametricRelu', alpha }, [input], shape)
}

/** Repeats a weight along its axes of length 1. */
function spread(values: Float32Array, own: readonly number[], shape: readonly number[]) {
  return Float32Array.from({ length: elementsOf(shape) }, (_, element) => {
    let [rest, place, step] = [element, 0, 1]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (own[axis] !== 1) place += (rest % shape[axis]!) * step
      rest = Math.floor(rest / shape[axis]!)
      step *= own[axis]!
    }
    return values[place]!
  })
}

/** The largest value that a ReLU gives. */
function maximumOf(config: Config): number {
  const none = config.maxValue === undefined || config.maxValue === null
  return none ? Number.POSITIVE_INFINITY : numberOption(config, 'maxValue')
}

export const activationReaders = {
  Activation: activation,
  ReLU: elementwise((config) => cut(0, maximumOf(config))),
  LeakyReLU: elementwise((config) => leakyRelu(numberOption(config, 'alpha', 0.3))),
  ELU: elementwise((config) => elu(numberOption(config, 'alpha', 1))),
  ThresholdedReLU: elementwise((config) => thresholdedRelu(numberOption(config, 'theta', 1))),
  Softmax: softmax,
  PReLU: prelu,
}
