import { io } from '@tensorflow/tfjs-core'
import type { ArtifactWeight } from './artifact-weights.js'

/** The elements of a weight, decoded as stock tfjs does it; of texts the bytes as they are. */
export async function decodedValues({
  spec,
  bytes,
}: Pick<ArtifactWeight, 'spec' | 'bytes'>): Promise<Float32Array | Int32Array | Uint8Array> {
  if (spec.dtype === 'string') return new Uint8Array(bytes())
  const tensor = io.decodeWeights(bytes(), [spec])[spec.name]!
  try {
    return (await tensor.data<'float32' | 'int32' | 'bool'>()).slice()
  } finally {
    tensor.dispose()
  }
}
