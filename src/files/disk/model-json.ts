import type { io } from '@tensorflow/tfjs-core'
import { bytesOfElement, bytesOfWeight } from '../../artifacts/bytes-of-weight.js'
import { unreadableKeras } from '../../artifacts/check-keras.js'
import { describe } from '../../internal/describe.js'
import { parseJson } from '../model/parse-json.js'
import { refusal } from '../model/refusal.js'

/** The JSON of a model, or of weights alone. */
export type StoredJson = io.ModelJSON | Pick<io.ModelJSON, 'weightsManifest'>

const remedy = 'name the file that `save` of tfjs or tensorflowjs_converter wrote'

/**
 * Reads the bytes of a `model.json` and checks the parts that lead to its weights. A list is a
 * manifest of weights without a topology.
 */
export function parseModelJson(bytes: Uint8Array, path: string): StoredJson {
  const parsed = parseJson(bytes, path, 'it is cut off or no model; fetch it again')
  const isManifest = Array.isArray(parsed) && parsed.length > 0
  const json = (isManifest ? { weightsManifest: parsed } : parsed) as Partial<io.ModelJSON> | null
  if (!isManifest && !isObject(json?.modelTopology))
    throw refusal(`a modelTopology in ${path}`, `${describe(json?.modelTopology)}: ${remedy}`)
  const unreadable = unreadableKeras(json?.modelTopology)
  if (unreadable) throw refusal(`a model that tfjs reads in ${path}`, unreadable)
  const manifest: unknown = json?.weightsManifest
  if (!Array.isArray(manifest))
    throw refusal(`a list as weightsManifest in ${path}`, `${describe(manifest)}: ${remedy}`)
  for (const group of manifest) checkGroup(group, path)
  return json as StoredJson
}

/**
 * Bytes of the weights of a group; undefined if texts are among them, since their length stands in
 * the data alone.
 */
export function bytesOfWeights(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  if (specs.some(({ dtype }) => dtype === 'string')) return undefined
  return specs.reduce((sum, spec) => sum + bytesOfWeight(spec), 0)
}

function checkGroup(group: Partial<io.WeightsManifestConfig[number]> | null, path: string): void {
  if (!Array.isArray(group?.paths) || !Array.isArray(group.weights)) {
    throw refusal(
      `paths and weights in each group of the weightsManifest in ${path}`,
      JSON.stringify(group),
    )
  }
  for (const shard of group.paths) checkShardPath(shard, path)
  for (const spec of group.weights) {
    if (isWeight(spec)) continue
    throw refusal(
      `a name, a shape and a known dtype for each weight in ${path}`,
      JSON.stringify(spec),
    )
  }
}

/**
 * A file of weights lies in the folder of its `model.json` or below, so that a downloaded one reads
 * no other files.
 */
function checkShardPath(shard: unknown, path: string): void {
  const parts = typeof shard === 'string' ? shard.split(/[/\\]/) : ['']
  const isBelow = parts[0] !== '' && !parts.includes('..') && !/^[a-z]:|\0/i.test(parts.join('/'))
  if (isBelow) return
  const remedy = 'put them there, and name them so in its weightsManifest'
  const got = `${JSON.stringify(shard)}: ${remedy}`
  throw refusal(`files of weights in the folder of ${path} or below`, got)
}

function isWeight(spec: Partial<io.WeightsManifestEntry> | null): boolean {
  if (!isObject(spec) || typeof spec.name !== 'string' || !Array.isArray(spec.shape)) return false
  const stored = spec.quantization?.dtype ?? spec.dtype
  const isSide = (side: unknown) => Number.isSafeInteger(side) && (side as number) >= 0
  return (
    spec.shape.every(isSide) &&
    (stored === 'string' || bytesOfElement(String(stored)) !== undefined)
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
