import { io } from '@tensorflow/tfjs-core'
import { safeBuffers } from '../../artifacts/safe-buffers.js'
import { storedWeights } from '../../artifacts/stored-weights.js'
import { refusal } from '../model/refusal.js'
import { fileSystem } from './file-system.js'
import { bytesOfWeights, parseModelJson, type StoredJson } from './model-json.js'
import { findInside, readInside } from './read-inside.js'

const TASK = 'load the model'
/** Most bytes of a `model.json`, whose objects take many times as many in memory. */
const LARGEST_JSON = 2 ** 26

/**
 * Reads a folder with a `model.json`, or a JSON file by its path, and the weights that it names.
 * Where a save replaces the model meanwhile, the new one is read.
 */
export async function loadFiles(
  path: string,
  signal: AbortSignal | undefined,
): Promise<io.ModelArtifacts> {
  const { paths } = fileSystem(TASK)
  const file = path.endsWith('.json') ? path : paths.join(path, 'model.json')
  const [folder, name] = [paths.dirname(file), paths.basename(file)]
  for (;;) {
    signal?.throwIfAborted()
    const found = await findInside(folder, name)
    if (found.size > LARGEST_JSON)
      throw refusal(`${file} of at most ${LARGEST_JSON} bytes`, found.size)
    try {
      const json = parseModelJson(new Uint8Array(await readInside(found)), file)
      return await withWeights(json, folder, signal)
    } catch (error) {
      signal?.throwIfAborted()
      // Once the old weights are removed, model.json is another one.
      const { version } = await findInside(folder, name)
      if (version === found.version) throw error
    }
  }
}

async function withWeights(
  json: StoredJson,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<io.ModelArtifacts> {
  const read = async (manifest: io.WeightsManifestConfig) => {
    const buffers: ArrayBuffer[] = []
    for (const group of manifest) buffers.push(...(await readGroup(folder, group, signal)))
    const whole = { weightSpecs: io.getWeightSpecs(manifest), weightData: safeBuffers(buffers) }
    // The lengths of texts stand in the data.
    storedWeights(whole, TASK)
    return [whole.weightSpecs, whole.weightData] satisfies [unknown, unknown]
  }
  if ('modelTopology' in json) return io.getModelArtifactsForJSON(json, read)
  const [weightSpecs, weightData] = await read(json.weightsManifest)
  return { weightSpecs, weightData }
}

/** The files of a group; their lengths are compared before any is read. */
async function readGroup(
  folder: string,
  group: io.WeightsManifestConfig[number],
  signal: AbortSignal | undefined,
): Promise<ArrayBuffer[]> {
  const { paths } = fileSystem(TASK)
  const shards = []
  for (const shard of group.paths) shards.push(await findInside(folder, shard))
  const wanted = bytesOfWeights(group.weights)
  const got = shards.reduce((sum, { size }) => sum + size, 0)
  if (wanted !== undefined && wanted !== got) {
    const names = group.paths.map((shard) => paths.join(folder, shard)).join(', ')
    const remedy = got < wanted ? 'one is cut off' : 'they are of another model'
    throw refusal(`${wanted} bytes of weights in ${names}`, `${got}: ${remedy}; fetch them again`)
  }
  const buffers: ArrayBuffer[] = []
  for (const shard of shards) {
    signal?.throwIfAborted()
    buffers.push(await readInside(shard))
  }
  return buffers
}
