import {
  concat,
  ones,
  serialization,
  type Tensor,
  Tensor as TensorClass,
  tidy,
} from '@tensorflow/tfjs-core'
import type { ModelWeight } from '../internal/model-weights.js'
import { kindWeight, layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'

interface Initializer {
  apply(shape: readonly number[], dtype: string): Tensor
}

/**
 * Draws fresh values for a weight from the initializer in its layer's configuration, with a seed.
 */
export function drawInitial(weight: ModelWeight, seed: number): Tensor {
  const { owner, shape } = weight
  const config = owner.getConfig()
  const draw = (wanted: readonly number[], part = 0) =>
    initializerOf(weight, config, seed + part).apply(wanted, 'float32')
  const { use } = layoutOf(weight)
  const { gates = [] } = registeredKind(weight.className) ?? {}
  const forget = gates.indexOf('forget')
  if (use !== 'shift' || forget < 0 || config.unitForgetBias !== true) return draw(shape)
  // The part of the forget gate starts at 1.
  const units = shape[0]! / gates.length
  const after = (gates.length - forget - 1) * units
  return tidy(() => concat([draw([forget * units]), ones([units]), draw([after], 1)]))
}

function initializerOf(
  { name, role, className }: ModelWeight,
  config: serialization.ConfigDict,
  seed: number,
): Initializer {
  const keys = optionNames(className, role)
  const found = keys
    .map((key) => config[key])
    .find((value) => value !== undefined && value !== null)
  const { className: initializerName, config: settings } = (found ?? {}) as {
    className?: string
    config?: serialization.ConfigDict
  }
  const { classNameMap } = serialization.SerializationMap.getMap()
  const known = initializerName && classNameMap[initializerName]
  if (!known) {
    throw new RangeError(
      `Cannot draw ${name} anew: expected a layer with a known ${keys[0]}, got ${initializerName ?? 'none'}`,
    )
  }
  if (initializerName === 'Orthogonal' && !('flatten' in TensorClass.prototype)) {
    throw new TypeError(
      `Cannot draw ${name} anew: expected tensors with the methods that Orthogonal of tfjs calls, ` +
        "got none: import '@tensorflow/tfjs', or build the layer with a recurrentInitializer",
    )
  }
  const [initializer, fromConfig] = known
  return fromConfig(initializer, { ...settings, seed }) as unknown as Initializer
}

/** Options that may hold the initializer of a role. */
function optionNames(className: string, role: string): [string, ...string[]] {
  const { initializer } = kindWeight(registeredKind(className), role) ?? {}
  if (initializer) return [initializer]
  const camel = role
    .replace(/_\d+$/, '')
    .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return [`${camel}Initializer`, `${camel.replace(/Kernel$/, '')}Initializer`]
}
