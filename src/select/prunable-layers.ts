/** Which weights of a layer class may be pruned, by the last part of their tfjs names. */
export interface PrunableLayer {
  /** Layer class name, e.g. `Dense`. */
  readonly className: string
  /**
   * Roles that are pruned by default, e.g. `['kernel']`; empty for a layer that is left alone on
   * purpose.
   */
  readonly kernels: readonly string[]
  /** Roles that are pruned on request, e.g. `['bias']`. */
  readonly biases?: readonly string[]
}

const known = new Map<string, PrunableLayer>()

const layersOf = (
  classNames: readonly string[],
  kernels: readonly string[],
  biases: readonly string[],
) => {
  for (const className of classNames) known.set(className, { className, kernels, biases })
}
layersOf(
  ['Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose'],
  ['kernel'],
  ['bias'],
)
layersOf(['DepthwiseConv2D'], ['depthwise_kernel'], ['bias'])
layersOf(['SeparableConv2D'], ['depthwise_kernel', 'pointwise_kernel'], ['bias'])
layersOf(['SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D'], ['kernel', 'recurrent_kernel'], ['bias'])
layersOf(['Embedding'], ['embeddings'], [])
// Their weights scale or shift whole channels: not what unstructured pruning removes.
layersOf(['BatchNormalization', 'LayerNormalization', 'PReLU'], [], [])

/**
 * Says which weights of a custom layer class may be pruned, for all models from now on.
 *
 * @param layer Class name as the layer's `getClassName()` gives it, and the roles of its weights. A
 *   class that is known already is replaced.
 * @throws {TypeError} If the class name or a role is no text, or the roles are no list.
 *
 * @example
 * ```ts
 * import { prunableLayer, registerPrunableLayer } from 'tfjs-prune'
 *
 * registerPrunableLayer({ className: 'LowRankDense', kernels: ['left', 'right'], biases: ['bias'] })
 * if (prunableLayer('LowRankDense')?.kernels.length !== 2) throw new Error('the class is known now')
 * ```
 */
export function registerPrunableLayer(layer: PrunableLayer): void {
  const { className, kernels, biases = [] } = layer
  if (!Array.isArray(kernels) || !Array.isArray(biases)) {
    const got = Array.isArray(kernels) ? typeof biases : typeof kernels
    throw new TypeError(
      `Cannot register a prunable layer: expected lists of roles for ${className}, got ${got}`,
    )
  }
  const texts = [className, ...kernels, ...biases]
  const wrong = texts.find((text) => typeof text !== 'string' || text === '')
  if (wrong !== undefined) {
    throw new TypeError(
      `Cannot register a prunable layer: expected names as text, got ${JSON.stringify(wrong)}`,
    )
  }
  known.set(className, { className, kernels: [...kernels], biases: [...biases] })
}

/**
 * What is known of a layer class.
 *
 * @param className Class name as the layer's `getClassName()` gives it, e.g. `Conv2D`.
 * @returns Its prunable roles; undefined for a class that was never registered.
 *
 * @example
 * ```ts
 * import { prunableLayer } from 'tfjs-prune'
 *
 * if (prunableLayer('LSTM')?.kernels.join() !== 'kernel,recurrent_kernel') throw new Error('both kernels are prunable')
 * ```
 */
export function prunableLayer(className: string): PrunableLayer | undefined {
  return known.get(className)
}
