import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { io } from '@tensorflow/tfjs-core'
import { fileHandler } from '../../src/files/index.js'
import { exportsOf } from './nsfw.js'

const packages = new URL('../../node_modules/', import.meta.url)
const pathOf = (path: string) => fileURLToPath(new URL(path, packages))

/** A graph model of @vladmandic/human, by its name. */
export function humanGraph(name: string): io.IOHandler {
  return fileHandler(pathOf(`@vladmandic/human/models/${name}.json`))
}

/** The list of the weights of a network of @vladmandic/face-api, by its name. */
export function faceWeights(name: string): io.IOHandler {
  return fileHandler(pathOf(`@vladmandic/face-api/model/${name}-weights_manifest.json`))
}

/** MobileNetV2Mid of nsfwjs 4.3.0: a graph in modules of JavaScript. */
export async function nsfwGraph(): Promise<io.ModelArtifacts> {
  const folder = new URL('nsfwjs/dist/models/mobilenet_v2_mid/', packages)
  const json = exportsOf(new URL('model.min.js', folder)) as io.ModelJSON
  const shards = readdirSync(folder)
    .filter((file) => file.startsWith('group1-shard'))
    .sort()
    .map((file) => Buffer.from(exportsOf(new URL(file, folder)) as string, 'base64'))
  const data = Uint8Array.from(Buffer.concat(shards)).buffer
  return io.getModelArtifactsForJSON(json, async (manifest) => [io.getWeightSpecs(manifest), data])
}
