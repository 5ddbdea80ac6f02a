import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * What `model.save` hands to its handler, without the weights: it would copy all of them into one
 * buffer at once.
 */
export async function artifactsWithoutWeights(model: LayersModel): Promise<io.ModelArtifacts> {
  const weightless: LayersModel = Object.create(model, { getNamedWeights: { value: () => [] } })
  let handed: io.ModelArtifacts = {}
  await weightless.save(
    io.withSaveHandler(async (artifacts) => {
      handed = artifacts
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  const { weightData: _, weightSpecs: __, ...parts } = handed
  return parts
}
