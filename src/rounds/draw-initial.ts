import { concat, ones, serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { ModelWeight } from '../internal/model-weights.js'

interface Initializer {
  apply(shape: readonly number[], dtype: string): Tensor
}

/**
 * Draws fresh values for a weight from the initializer in its layer's configuration, with a seed.
 */
export function drawInitial({ name, role, shape, owner }: ModelWeight, seed: number): Tensor {
  const config = owner.getConfig()
  const draw = (wanted: readonly number[], part = 0) =>
    initializerOf(name, role, config, seed + part).apply(wanted, 'float32')
  if (role !== 'bias' || config.unitForgetBias !== true) return draw(shape)
  // An LSTM's bias has four parts; the second, of the forget gate, starts at 1.
  const units = shape[0]! / 4
  return tidy(() => concat([draw([units]), ones([units]), draw([2 * units], 1)]))
}

function initializerOf(
  name: string,
  role: string,
  config: serialization.ConfigDict,
  seed: number,
): Initializer {
  const camel = role
    .replace(/_\d+$/, '')
    .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  // `depthwise_kernel` is set by `depthwiseInitializer`, `kernel` by `kernelInitializer`.
  const keys = [`${camel}Initializer`, `${camel.replace(/Kernel$/, '')}Initializer`]
  const found = keys
    .map((key) => config[key])
    .find((value) => value !== undefined && value !== null)
  const { className, config: settings } = (found ?? {}) as {
    className?: string
    config?: serialization.ConfigDict
  }
  const known = className && serialization.SerializationMap.getMap().classNameMap[className]
  if (!known) {
    throw new RangeError(
      `Cannot draw ${name} anew: expected a layer with a known ${keys[0]}, got ${className ?? 'none'}`,
    )
  }
  const [initializer, fromConfig] = known
  return fromConfig(initializer, { ...settings, seed }) as unknown as Initializer
}
