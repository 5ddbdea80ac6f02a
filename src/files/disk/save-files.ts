import { io } from '@tensorflow/tfjs-core'
import { fileError, fileSystem } from './file-system.js'
import { makeFolder } from './make-folder.js'
import { parseModelJson } from './model-json.js'
import { oneAtATime } from './one-at-a-time.js'
import { findInside, readInside } from './read-inside.js'
import { type FileToWrite, writeAtomically } from './write-atomically.js'

const TASK = 'save the model'
const MODEL = 'model.json'
/** Names of weights files that a save replaces: those of this library, and the one of tfjs-node. */
const REPLACED = /^weights(-[\da-f]{16})?\.bin$/

/**
 * Writes a model into a folder. The new weights get a name of their own and `model.json` is renamed
 * after them, so that it names weights that exist at any moment. The old weights are removed last.
 */
export async function saveFiles(
  path: string,
  artifacts: io.ModelArtifacts,
  signal?: AbortSignal,
): Promise<io.SaveResult> {
  const { paths } = fileSystem(TASK)
  const named = path.endsWith('.json')
  if (named && paths.basename(path) !== MODEL) {
    throw new RangeError(`Cannot ${TASK}: expected a folder or its ${MODEL}, got ${path}`)
  }
  const folder = named ? paths.dirname(path) : path
  signal?.throwIfAborted()
  const weights = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData))
  const name = await weightsName(weights)
  const json = new TextEncoder().encode(modelJson(artifacts, name))
  const list = [
    { path: paths.join(folder, name), bytes: weights },
    { path: paths.join(folder, MODEL), bytes: json },
  ]
  const errors = await oneAtATime(paths.resolve(folder), () => replaceModel(folder, list, signal))
  const modelArtifactsInfo = io.getModelArtifactsInfoForJSON(artifacts)
  return errors.length > 0 ? { modelArtifactsInfo, errors } : { modelArtifactsInfo }
}

/**
 * Writes the weights, then `model.json`, then removes the old weights. Returns the reasons why
 * files could not be removed.
 */
async function replaceModel(
  folder: string,
  list: readonly FileToWrite[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { paths } = fileSystem(TASK)
  await makeFolder(folder, TASK)
  await refuseLink(paths.join(folder, MODEL))
  const old = await weightsOf(folder)
  const keep = (path: string) => old.includes(paths.basename(path))
  await writeAtomically(list, { task: TASK, keep, signal })
  // Another process may have saved the old weights once more.
  const named = await weightsOf(folder)
  return removeFiles(
    old.filter((name) => !named.includes(name)).map((name) => paths.join(folder, name)),
  )
}

/** Its target would name weights that lie in another folder. */
async function refuseLink(path: string): Promise<void> {
  const stats = await fileSystem(TASK)
    .files.lstat(path)
    .catch(() => undefined)
  if (!stats?.isSymbolicLink()) return
  const wanted = `${path} to be a file, or the folder that it leads to instead`
  throw new Error(`Cannot ${TASK}: expected ${wanted}, got a symbolic link`)
}

async function weightsName(weights: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', weights))
  const digits = [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `weights-${digits.join('')}.bin`
}

/** The text of a `model.json` whose weights are in one file beside it. */
export function modelJson(artifacts: io.ModelArtifacts, weightsFile: string): string {
  const { weightSpecs = [], weightData: _, getWeightStream: __, ...rest } = artifacts
  const { modelTopology } = rest
  if (
    typeof modelTopology !== 'object' ||
    modelTopology === null ||
    modelTopology instanceof ArrayBuffer
  ) {
    const got = modelTopology instanceof ArrayBuffer ? 'bytes' : String(modelTopology)
    throw new TypeError(`Cannot ${TASK}: expected a modelTopology as an object, got ${got}`)
  }
  return JSON.stringify({
    ...rest,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  })
}

/**
 * The weights files that the model of a folder names and a save replaces; none for a broken model.
 */
async function weightsOf(folder: string): Promise<string[]> {
  try {
    const bytes = await readInside(await findInside(folder, MODEL))
    const { weightsManifest = [] } = parseModelJson(new Uint8Array(bytes), folder)
    const names = weightsManifest.flatMap((group) =>
      group.paths.map((shard) => shard.replace(/^\.\//, '')),
    )
    return names.filter((name) => REPLACED.test(name))
  } catch {
    return []
  }
}

async function removeFiles(list: readonly string[]): Promise<string[]> {
  const { files } = fileSystem(TASK)
  const outcomes = await Promise.allSettled(list.map((path) => files.rm(path, { force: true })))
  return outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected'
      ? [fileError(outcome.reason, TASK, `to remove ${list[i]}`).message]
      : [],
  )
}
