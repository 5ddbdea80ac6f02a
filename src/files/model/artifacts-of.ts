import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** The artifacts that `model.save` hands to its handler. */
export async function artifactsOf(model: LayersModel): Promise<io.ModelArtifacts> {
  let handed: io.ModelArtifacts = {}
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      handed = artifacts
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  return handed
}
