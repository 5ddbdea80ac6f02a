import { type io, util } from '@tensorflow/tfjs-core'
import { type ByteSlices, byteSlices } from './byte-slices.js'
import { bytesOfWeight } from './bytes-of-weight.js'
import { checkSpec } from './check-spec.js'
import type { WholeArtifacts } from './read-artifacts.js'

/** A weight as it lies in artifacts. */
export interface StoredWeight {
  readonly spec: io.WeightsManifestEntry
  readonly bytes: () => ArrayBuffer
}

/**
 * The weights of artifacts in their order, without those of an optimizer.
 *
 * Throws a RangeError where the data are shorter or longer than the list says, or a name occurs
 * twice; a TypeError where the list is broken.
 */
export function storedWeights(
  { weightSpecs, weightData }: WholeArtifacts,
  task: string,
): StoredWeight[] {
  const all = byteSlices(weightData)
  const names = new Set<string>()
  const found: StoredWeight[] = []
  let at = 0
  for (const spec of weightSpecs) {
    checkSpec(spec, task)
    if (names.has(spec.name))
      throw new RangeError(`Cannot ${task}: expected each weight once, got ${spec.name} twice`)
    names.add(spec.name)
    const from = at
    at += spec.dtype === 'string' ? bytesOfTexts(spec, all, at) : bytesOfWeight(spec)
    const end = at
    if (end > all.length) break
    if (spec.group !== 'optimizer') found.push({ spec, bytes: () => all.slice(from, end) })
  }
  if (at === all.length) return found
  const wanted = `weights of ${at} bytes${at > all.length ? ' at least' : ''}`
  throw new RangeError(
    `Cannot ${task}: expected ${wanted}, got ${all.length}: is a file of weights missing, cut off or of another model?`,
  )
}

/** Bytes of texts: each has its length in four bytes in front. */
function bytesOfTexts({ shape }: io.WeightsManifestEntry, all: ByteSlices, from: number): number {
  let bytes = 0
  for (let left = util.sizeFromShape([...shape]); left > 0; left--) {
    const head = all.slice(from + bytes, from + bytes + 4)
    if (head.byteLength < 4) return Number.POSITIVE_INFINITY
    bytes += 4 + new DataView(head).getUint32(0, true)
  }
  return bytes
}
