import { decodedValues } from '../artifacts/decoded-values.js'
import type { WholeArtifacts } from '../artifacts/read-artifacts.js'
import { storedWeights } from '../artifacts/stored-weights.js'
import { fingerprintWithMasks, type NamedWeight } from './fingerprint-with-masks.js'

/**
 * The fingerprint of the weights that artifacts give back, quantised ones decoded: that of the
 * model that is loaded from them.
 */
export async function artifactsFingerprint(
  artifacts: WholeArtifacts,
  task: string,
): Promise<string> {
  const read: NamedWeight[] = []
  for (const weight of storedWeights(artifacts, task)) {
    const { name, shape, dtype } = weight.spec
    read.push({ name, shape, dtype, values: await decodedValues(weight) })
  }
  return fingerprintWithMasks(read)
}
