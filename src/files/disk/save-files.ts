import { io } from '@tensorflow/tfjs-core'
import { joinedWeights } from '../../artifacts/joined-weights.js'
import { fileError, fileSystem } from './file-system.js'
import { makeFolder } from './make-folder.js'
import { parseModelJson } from './model-json.js'
import { oneAtATime } from './one-at-a-time.js'
import { findInside, readInside } from './read-inside.js'
import { type FileToWrite, writeAtomically } from './write-atomically.js'

const TASK = 'save the model'
const MODEL = 'model.json'
/** The end of the name of a list of weights without a topology. */
const MANIFEST = /weights_manifest\.json$/

/** The place of a model in a folder. */
interface Place {
  readonly folder: string
  /** Name of the JSON file. */
  readonly name: string
  /** Beginning of the names of the files of weights, which no other JSON file shares. */
  readonly stem: string
}

/**
 * Writes a model into a folder. The new weights get a name of their own and `model.json` is renamed
 * after them, so that it names weights that exist at any moment. The old weights are removed last.
 */
export async function saveFiles(
  path: string,
  artifacts: io.ModelArtifacts,
  signal?: AbortSignal,
): Promise<io.SaveResult> {
  const { files, paths } = fileSystem(TASK)
  const place = placeOf(path, artifacts)
  const { folder, name } = place
  signal?.throwIfAborted()
  const weights = await joinedWeights(artifacts, TASK)
  const weightsFile = await weightsName(weights, place)
  const json = new TextEncoder().encode(modelJson(artifacts, weightsFile))
  const list = [
    { path: paths.join(folder, weightsFile), bytes: weights },
    { path: paths.join(folder, name), bytes: json },
  ]
  await makeFolder(folder, TASK)
  // One folder may be reached by several paths.
  const key = await files.realpath(folder)
  const errors = await oneAtATime(key, () => replaceModel(place, list, signal))
  const whole = { ...artifacts, weightData: weights.buffer }
  const modelArtifactsInfo = io.getModelArtifactsInfoForJSON(whole)
  return errors.length > 0 ? { modelArtifactsInfo, errors } : { modelArtifactsInfo }
}

/** The place that a path means. Weights without a topology have a name of their own. */
function placeOf(path: string, artifacts: io.ModelArtifacts): Place {
  const { paths } = fileSystem(TASK)
  const named = path.endsWith('.json')
  const name = named ? paths.basename(path) : MODEL
  const folder = named ? paths.dirname(path) : path
  const isManifest = holdsWeightsAlone(artifacts)
  if (isManifest && artifacts.userDefinedMetadata !== undefined) {
    const got = 'userDefinedMetadata: saveCompressed keeps it'
    throw new TypeError(`Cannot ${TASK}: expected no metadata in a list of weights, got ${got}`)
  }
  if (isManifest ? MANIFEST.test(name) : name === MODEL)
    return { folder, name, stem: isManifest ? name.slice(0, -'.json'.length) : 'weights' }
  const wanted = isManifest
    ? 'a path that ends in weights_manifest.json for weights without a topology'
    : `a folder or its ${MODEL}`
  throw new RangeError(`Cannot ${TASK}: expected ${wanted}, got ${path}`)
}

/**
 * Writes the weights, then `model.json`, then removes the old weights. Returns the reasons why
 * files could not be removed.
 */
async function replaceModel(
  place: Place,
  list: readonly FileToWrite[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { paths } = fileSystem(TASK)
  const { folder, name: model } = place
  await makeFolder(folder, TASK)
  await refuseLink(paths.join(folder, model))
  const old = await weightsOf(place)
  const keep = (path: string) => old.includes(paths.basename(path))
  await writeAtomically(list, { task: TASK, keep, signal })
  // Another process may have saved the old weights once more.
  const named = await weightsOf(place)
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

async function weightsName(weights: Uint8Array<ArrayBuffer>, { stem }: Place): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', weights))
  const digits = [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `${stem}-${digits.join('')}.bin`
}

/**
 * The text of a `model.json` whose weights are in one file beside it; without a topology, of the
 * list of its weights.
 */
export function modelJson(artifacts: io.ModelArtifacts, weightsFile: string): string {
  const { weightSpecs = [], weightData: _, getWeightStream: __, ...rest } = artifacts
  const { modelTopology } = rest
  const weightsManifest = [{ paths: [weightsFile], weights: weightSpecs }]
  if (holdsWeightsAlone(artifacts)) return JSON.stringify(weightsManifest)
  if (
    typeof modelTopology !== 'object' ||
    modelTopology === null ||
    modelTopology instanceof ArrayBuffer
  ) {
    const got = modelTopology instanceof ArrayBuffer ? 'bytes' : String(modelTopology)
    throw new TypeError(`Cannot ${TASK}: expected a modelTopology as an object, got ${got}`)
  }
  return JSON.stringify({ ...rest, weightsManifest })
}

function holdsWeightsAlone({ modelTopology, weightSpecs = [] }: io.ModelArtifacts): boolean {
  return modelTopology === undefined && weightSpecs.length > 0
}

/**
 * The weights files that the model of a folder names and a save replaces; none for a broken model.
 */
async function weightsOf({ folder, name, stem }: Place): Promise<string[]> {
  try {
    const bytes = await readInside(await findInside(folder, name))
    const { weightsManifest = [] } = parseModelJson(new Uint8Array(bytes), folder)
    const names = weightsManifest.flatMap((group) =>
      group.paths.map((shard) => shard.replace(/^\.\//, '')),
    )
    return names.filter((file) => isReplaced(file, stem))
  } catch {
    return []
  }
}

/** Whether a save replaces a file of weights: one of this library, or the one of tfjs-node. */
function isReplaced(file: string, stem: string): boolean {
  const rest = file.startsWith(stem) ? file.slice(stem.length) : ''
  return /^-[\da-f]{16}\.bin$/.test(rest) || (stem === 'weights' && rest === '.bin')
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
