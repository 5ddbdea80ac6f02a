import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'

/** Writes `model.json` and `weights.bin` as tfjs reads them in any browser. */
export async function saveModel(model: LayersModel, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, userDefinedMetadata }) => {
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }]
    writeFileSync(
      join(folder, 'model.json'),
      // The metadata hold the decision threshold, where there is one.
      JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest, userDefinedMetadata }),
    )
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)))
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
  })
  await model.save(handler)
}

/** Reads a model written by {@link saveModel} with nothing but stock tfjs. */
export function loadModel(folder: string): Promise<LayersModel> {
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(
    readFileSync(join(folder, 'model.json'), 'utf8'),
  )
  const weightData = new Uint8Array(readFileSync(join(folder, 'weights.bin'))).buffer
  const weightSpecs = weightsManifest[0].weights
  return loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData, userDefinedMetadata }))
}
