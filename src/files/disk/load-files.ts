import { io } from '@tensorflow/tfjs-core'
import { fileError, fileSystem } from './file-system.js'
import { bytesOfWeights, parseModelJson } from './model-json.js'

const TASK = 'load the model'

/**
 * Reads a folder with a `model.json`, or a JSON file by its path, and the weights that it names.
 */
export async function loadFiles(path: string): Promise<io.ModelArtifacts> {
  const { paths } = fileSystem(TASK)
  const file = path.endsWith('.json') ? path : paths.join(path, 'model.json')
  const json = parseModelJson(new TextDecoder().decode(await readFile(file)), file)
  return io.getModelArtifactsForJSON(json, async (manifest) => {
    const buffers: ArrayBuffer[] = []
    for (const group of manifest) buffers.push(...(await readGroup(paths.dirname(file), group)))
    return [io.getWeightSpecs(manifest), buffers]
  })
}

async function readGroup(
  folder: string,
  group: io.WeightsManifestConfig[number],
): Promise<ArrayBuffer[]> {
  const { paths } = fileSystem(TASK)
  const buffers: ArrayBuffer[] = []
  for (const shard of group.paths) buffers.push(await readFile(paths.join(folder, shard)))
  const wanted = bytesOfWeights(group.weights)
  const got = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (wanted === undefined || wanted === got) return buffers
  const names = group.paths.join(', ')
  throw new RangeError(
    `Cannot ${TASK}: expected ${wanted} bytes of weights in ${names}, got ${got}`,
  )
}

async function readFile(path: string): Promise<ArrayBuffer> {
  const { files } = fileSystem(TASK)
  try {
    const { buffer, byteOffset, byteLength } = await files.readFile(path)
    // Node may hand out a part of a larger buffer.
    return byteLength === buffer.byteLength
      ? buffer
      : buffer.slice(byteOffset, byteOffset + byteLength)
  } catch (error) {
    throw fileError(error, TASK, `to read ${path}`)
  }
}
