/** The config of a layer of Keras. */
interface Layer {
  readonly class_name?: unknown
  readonly config?: { readonly batch_shape?: unknown; readonly batch_input_shape?: unknown } | null
}

/**
 * The words for a topology that Keras 3 wrote in a form that tfjs-layers cannot read; undefined for
 * all others. Keras 3 calls the shape of an input `batch_shape`.
 */
export function unreadableKeras(topology: unknown): string | undefined {
  const { keras_version: version } = Object(topology) as { keras_version?: unknown }
  if (!hasNewInput(topology)) return undefined
  const remedy =
    'save it with Keras 2 (tf_keras, or TF_USE_LEGACY_KERAS=1 before TensorFlow is imported), and convert it again'
  return `one of Keras ${typeof version === 'string' ? version : 3}: ${remedy}`
}

function hasNewInput(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { class_name: className, config } = value as Layer
  const isNew = className === 'InputLayer' && config?.batch_shape !== undefined
  if (isNew && config.batch_input_shape === undefined) return true
  return Object.values(value).some(hasNewInput)
}
