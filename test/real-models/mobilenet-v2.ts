import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'

const folder = new URL('../../node_modules/nsfwjs/dist/models/mobilenet_v2/', import.meta.url)

/** What a file of nsfwjs exports: it wraps each part of a model in a CommonJS module. */
function exportsOf(file: string): unknown {
  const module = { exports: {} as unknown }
  compileFunction(readFileSync(new URL(file, folder), 'utf8'), ['module', 'exports'])(
    module,
    module.exports,
  )
  return module.exports
}

/**
 * MobileNetV2 as nsfwjs 4.3.0 ships it, quantised to 8 bits and decoded by tfjs: a Keras model of
 * 224 x 224 x 3.
 */
export function loadMobileNetV2(): Promise<LayersModel> {
  const { modelTopology, weightsManifest } = exportsOf('model.min.js') as io.ModelJSON
  const weights = Buffer.from(exportsOf('group1-shard1of1.min.js') as string, 'base64')
  const weightSpecs = weightsManifest.flatMap((group) => group.weights)
  const weightData = weights.buffer.slice(
    weights.byteOffset,
    weights.byteOffset + weights.length,
  ) as ArrayBuffer
  return loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }))
}
