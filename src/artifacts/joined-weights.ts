import type { io } from '@tensorflow/tfjs-core'
import { byteSlices } from './byte-slices.js'
import { readArtifacts } from './read-artifacts.js'
import { storedWeights } from './stored-weights.js'

/**
 * The bytes of all weights of artifacts, also where they come as a stream: a copy; none for a
 * topology alone. Throws a TypeError or a RangeError unless they are as long as their list says.
 */
export async function joinedWeights(
  artifacts: io.ModelArtifacts,
  task: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { weightSpecs = [], weightData, getWeightStream } = artifacts
  if (weightSpecs.length === 0 && !weightData && !getWeightStream) return new Uint8Array(0)
  const whole = await readArtifacts({ ...artifacts, weightSpecs }, task)
  storedWeights(whole, task)
  const all = byteSlices(whole.weightData)
  return new Uint8Array(all.slice(0, all.length))
}
