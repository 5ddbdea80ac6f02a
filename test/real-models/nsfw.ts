import { readdirSync, readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'

const models = new URL('../../node_modules/nsfwjs/dist/models/', import.meta.url)

/** What a file of nsfwjs exports: it wraps each part of a model in a CommonJS module. */
export function exportsOf(file: URL): unknown {
  const module = { exports: {} as unknown }
  compileFunction(readFileSync(file, 'utf8'), ['module', 'exports'])(module, module.exports)
  return module.exports
}

/** A Keras model as nsfwjs 4.3.0 ships it, quantised to 8 bits and decoded by tfjs. */
export function loadNsfw(name: 'mobilenet_v2' | 'inception_v3'): Promise<LayersModel> {
  const folder = new URL(`${name}/`, models)
  const { modelTopology, weightsManifest } = exportsOf(
    new URL('model.min.js', folder),
  ) as io.ModelJSON
  const shards = readdirSync(folder)
    .filter((file) => file.startsWith('group1-shard'))
    .sort()
    .map((file) => Buffer.from(exportsOf(new URL(file, folder)) as string, 'base64'))
  const weightSpecs = weightsManifest.flatMap((group) => group.weights)
  const weightData = Uint8Array.from(Buffer.concat(shards)).buffer
  return loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData }))
}

/** MobileNetV2: a model of 224 x 224 x 3. */
export function loadMobileNetV2(): Promise<LayersModel> {
  return loadNsfw('mobilenet_v2')
}
