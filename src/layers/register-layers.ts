import { serialization } from '@tensorflow/tfjs-core'
import { registeredKinds } from '../layer-kinds/registered-kinds.js'
import { maskingClass } from './masking-class.js'

/** Classes that {@link withMasks} can mask: all that have kernels and that tfjs can build. */
export function maskableLayers(): string[] {
  const { classNameMap } = serialization.SerializationMap.getMap()
  return registeredKinds()
    .filter(({ weights }) => Object.values(weights).some(({ use }) => use === 'kernel'))
    .map(({ className }) => className)
    .filter((className) => classNameMap[className])
}

/**
 * Makes the masking layers known to tfjs, so that `loadLayersModel` reads a model saved with them.
 *
 * Call it once before loading such a model; more calls change nothing. {@link withMasks} calls it
 * by itself, and a model from {@link stripMasks} needs none. Classes of {@link registerLayerKind}
 * that tfjs knows are among them. Nothing is registered by importing the package.
 *
 * @example
 * ```ts
 * import { io } from '@tensorflow/tfjs-core'
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { denseMask, masksOf, registerLayers, withMasks } from 'tfjs-prune'
 *
 * const plain = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
 * const masked = withMasks(plain, denseMask(plain))
 * const saved = new Promise<io.ModelArtifacts>((resolve) => {
 *   void masked.save(
 *     io.withSaveHandler(async (artifacts) => {
 *       resolve(artifacts)
 *       return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
 *     }),
 *   )
 * })
 *
 * registerLayers()
 * const loaded = await loadLayersModel(io.fromMemory(await saved))
 * if (masksOf(loaded).density !== 1) throw new Error('the mask comes back')
 * ```
 */
export function registerLayers(): void {
  const { classNameMap } = serialization.SerializationMap.getMap()
  for (const name of maskableLayers()) {
    const masking = maskingClass(name)
    if (!classNameMap[masking.className]) serialization.registerClass(masking)
  }
}
