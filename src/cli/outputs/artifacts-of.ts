import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** The artifacts of a model of layers, without its optimizer. */
export async function artifactsOf(model: LayersModel): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {}
  const keep = io.withSaveHandler(async (saved) => {
    artifacts = saved
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
  })
  await model.save(keep)
  return artifacts
}
