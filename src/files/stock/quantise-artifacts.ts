import { io } from '@tensorflow/tfjs-core'
import { checkFit } from '../codecs/check-fit.js'
import type { SavedWeight } from '../model/saved-weights.js'
import type { QuantisedType } from '../model/value-type.js'
import { bytesOfWeight } from './bytes-of-weight.js'
import { stockCodecs } from './stock-codecs.js'

interface QuantiseOptions {
  readonly type: QuantisedType
  /** The weights to quantise. */
  readonly weights: readonly SavedWeight[]
  readonly task: string
}

/**
 * Artifacts of `model.save` with some float32 weights in fewer bits. Throws for values that do not
 * fit.
 */
export function quantiseArtifacts(
  artifacts: io.ModelArtifacts,
  { type, weights, task }: QuantiseOptions,
): io.ModelArtifacts {
  const codec = stockCodecs[type]
  const names = new Map(weights.map(({ name, savedName }) => [savedName, name]))
  const data = io.CompositeArrayBuffer.join(artifacts.weightData)
  const specs: io.WeightsManifestEntry[] = []
  const parts: ArrayBuffer[] = []
  let offset = 0
  for (const spec of artifacts.weightSpecs ?? []) {
    const end = offset + bytesOfWeight(spec)
    // A copy: a weight behind bool ones need not lie at a multiple of four bytes.
    const part = data.slice(offset, end)
    offset = end
    const name = names.get(spec.name)
    if (name === undefined) {
      specs.push(spec)
      parts.push(part)
      continue
    }
    const values = new Float32Array(part)
    checkFit(values, codec, { task, name, type })
    const { bytes, ...line } = codec.encode(values)
    specs.push({ ...spec, quantization: { dtype: type, ...line } })
    parts.push(bytes)
  }
  return { ...artifacts, weightSpecs: specs, weightData: io.CompositeArrayBuffer.join(parts) }
}
