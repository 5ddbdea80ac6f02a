import { camelCase } from '../../internal/camel-case.js'
import { describe } from '../../internal/describe.js'
import type { Activate, Operation } from '../network/network.js'
import type { Config } from './config.js'
import type { LayerToRead, Value } from './layer-reader.js'

const activate = (name: string, parameters: Record<string, number> = {}): Activate => ({
  kind: 'activate',
  name,
  parameters,
})

/** ReLU and its kin: cuts values at two bounds. */
export const cut = (least: number, most: number): Activate => activate('cut', { least, most })
export const leakyRelu = (alpha: number): Activate => activate('leakyRelu', { alpha })
export const thresholdedRelu = (theta: number): Activate => activate('thresholdedRelu', { theta })
export const elu = (alpha: number): Activate => activate('elu', { alpha })

/** All activations that options name, by the words of tfjs. */
const known: Readonly<Record<string, Operation>> = {
  linear: activate('linear'),
  relu: cut(0, Number.POSITIVE_INFINITY),
  relu6: cut(0, 6),
  elu: elu(1),
  selu: activate('selu'),
  sigmoid: activate('sigmoid'),
  hardSigmoid: activate('hardSigmoid'),
  softplus: activate('softplus'),
  softsign: activate('softsign'),
  tanh: activate('tanh'),
  swish: activate('swish', { beta: 1 }),
  mish: activate('mish'),
  gelu: activate('gelu'),
  geluNew: activate('geluByTanh'),
  softmax: { kind: 'softmax', log: false },
  logSoftmax: { kind: 'softmax', log: true },
}

/** The activation that an option names, or the name of one that is not known. */
export function activationOption(
  config: Config,
  key = 'activation',
  otherwise = 'linear',
): Operation | string {
  const value = config[key] ?? otherwise
  const name = typeof value === 'string' ? value : (value as { className?: unknown }).className
  if (typeof name !== 'string') return describe(value)
  return (Object.hasOwn(known, camelCase(name)) && known[camelCase(name)]) || name
}

/** An elementwise activation that an option names, or the name of another. */
export function elementwiseOption(
  config: Config,
  key: string,
  otherwise: string,
): Activate | string {
  const found = activationOption(config, key, otherwise)
  if (typeof found === 'string' || found.kind === 'activate') return found
  return found.kind
}

/** Adds an activation; none for the linear one. */
export function withActivation(layer: LayerToRead, value: Value, operation: Operation): Value {
  if (operation.kind === 'activate' && operation.name === 'linear') return value
  return layer.emit(operation, [value], value.shape)
}
