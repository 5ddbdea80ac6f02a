import { cannotSay } from '../graph/onnx-error.js'
import { elementwise } from './activations.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** Most standard deviations that a mean lies from 0 where the norm is one factor and one term. */
const FARTHEST_MEAN = 16

/** (x - mean) * gamma / sqrt(variance + epsilon) + beta, channel by channel. */
function normOf(layer: LayerToWrite) {
  const epsilon = numberOption(layer, 'epsilon', 1e-3)
  const variance = layer.weight('moving_variance')!.values
  const mean = layer.weight('moving_mean')!.values
  const [gamma, beta] = [layer.weight('gamma')?.values, layer.weight('beta')?.values]
  const deviations = Array.from(variance, (value) => Math.sqrt(value + epsilon))
  const factors = deviations.map((deviation, i) => (gamma?.[i] ?? 1) / deviation)
  return {
    mean,
    factors: Float32Array.from(factors),
    beta: beta ?? new Float32Array(mean.length),
    terms: Float32Array.from(factors, (factor, i) => (beta?.[i] ?? 0) - mean[i]! * factor),
    // float32 rounds to 6e-8 of a value: the outcome is exact to 1e-6 of a deviation.
    isExact: deviations.every((deviation, i) => Math.abs(mean[i]!) <= FARTHEST_MEAN * deviation),
  }
}

/**
 * x * factor + term, which a product before it can take in; where that would lose digits, the mean
 * is taken away first.
 */
const batchNormalization: LayerWriter = (layer) => {
  const { graph } = layer
  const { name } = layer.weight('moving_variance')!
  const given = layer.inputs[0]!
  const last = given.shape.length - 1
  const axes = [layer.config.axis ?? -1].flat().map(Number)
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== last)) {
    const got = `its axis is ${JSON.stringify(layer.config.axis)}`
    throw cannotSay(layer, got, 'normalise the last axis: backends of tfjs disagree on others')
  }
  const behind = given.channelsFirst ? last - 1 : 0
  const { isExact, mean, factors, beta, terms } = normOf(layer)
  if (factors.includes(Number.POSITIVE_INFINITY) || factors.includes(Number.NEGATIVE_INFINITY))
    throw cannotSay(layer, 'its gamma over its deviation is beyond float32')
  const shape = [factors.length, ...new Array<number>(behind).fill(1)]
  const constant = (role: string, values: Float32Array) =>
    graph.constant(`${name}:${role}:${behind}`, () => ({ shape, values }))
  const centred = isExact
    ? given
    : elementwise(graph, 'Sub', [given, constant('moving_mean', mean)])
  const scaled = elementwise(graph, 'Mul', [centred, constant('factor', factors)])
  return elementwise(graph, 'Add', [scaled, constant('term', isExact ? terms : beta)])
}

export const batchNormalizationWriters: Readonly<Record<string, LayerWriter>> = {
  BatchNormalization: batchNormalization,
}
