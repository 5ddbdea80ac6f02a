import { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { saveCompressed } from 'tfjs-prune/files'
import type { StockModel } from '../shared/contract.js'

/** The model as one file of the weights that are left; nothing is lost. */
export async function compressedFile(model: LayersModel): Promise<Uint8Array> {
  let file = new Uint8Array()
  await saveCompressed(model, (bytes) => {
    file = bytes
  })
  return file
}

/** The two files that `model.save('downloads://...')` would write: a worker has no downloads. */
export async function stockModel(model: LayersModel, weightsName: string): Promise<StockModel> {
  let saved: io.ModelArtifacts = {}
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  const { weightSpecs = [], weightData = new ArrayBuffer(0), ...topology } = saved
  const weightsManifest = [{ paths: [`./${weightsName}`], weights: weightSpecs }]
  return {
    json: JSON.stringify({ ...topology, weightsManifest }),
    weights: io.CompositeArrayBuffer.join(weightData),
  }
}
