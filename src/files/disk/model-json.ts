import type { io } from '@tensorflow/tfjs-core'
import { describe } from '../../internal/describe.js'
import { sizeOf } from '../container/sizes.js'

const TASK = 'load the model'
const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
}

/** Reads the text of a `model.json` and checks what is needed to find its weights. */
export function parseModelJson(text: string, path: string): io.ModelJSON {
  let json: Partial<io.ModelJSON> | null
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw refuse(`JSON in ${path}`, (error as Error).message)
  }
  if (!isObject(json?.modelTopology))
    throw refuse(`a modelTopology in ${path}`, describe(json?.modelTopology))
  const manifest: unknown = json.weightsManifest ?? []
  if (!Array.isArray(manifest))
    throw refuse(`a list as weightsManifest in ${path}`, describe(manifest))
  for (const group of manifest) checkGroup(group, path)
  return json as io.ModelJSON
}

/**
 * Bytes of the weights of a group; undefined where texts are among them, whose length only the data
 * tell.
 */
export function bytesOfWeights(specs: readonly io.WeightsManifestEntry[]): number | undefined {
  if (specs.some(({ dtype }) => dtype === 'string')) return undefined
  return specs.reduce((sum, spec) => sum + bytesOfWeight(spec), 0)
}

/** Bytes of one weight as it is stored. */
export function bytesOfWeight({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  return sizeOf(shape) * BYTES[quantization?.dtype ?? dtype]!
}

function checkGroup(group: Partial<io.WeightsManifestConfig[number]> | null, path: string): void {
  if (!Array.isArray(group?.paths) || !Array.isArray(group.weights)) {
    throw refuse(
      `paths and weights in each group of the weightsManifest in ${path}`,
      JSON.stringify(group),
    )
  }
  for (const shard of group.paths) checkShardPath(shard, path)
  for (const spec of group.weights) {
    if (isWeight(spec)) continue
    throw refuse(
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
  if (!isBelow)
    throw refuse(`files of weights in the folder of ${path} or below`, JSON.stringify(shard))
}

function isWeight(spec: Partial<io.WeightsManifestEntry> | null): boolean {
  if (!isObject(spec) || typeof spec.name !== 'string' || !Array.isArray(spec.shape)) return false
  const stored = spec.quantization?.dtype ?? spec.dtype
  const isSide = (side: unknown) => Number.isSafeInteger(side) && (side as number) >= 0
  return spec.shape.every(isSide) && (stored === 'string' || Object.hasOwn(BYTES, stored as string))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot ${TASK}: expected ${wanted}, got ${got}`)
}
