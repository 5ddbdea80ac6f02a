import type { io } from '@tensorflow/tfjs-core'
import type { MaskedWeight } from '../masks/mask.js'
import type { ArtifactWeight } from './artifact-weights.js'
import { decodedValues } from './decoded-values.js'
import { joinedBuffers } from './joined-buffers.js'
import type { WholeArtifacts } from './read-artifacts.js'

/**
 * Copies artifacts with +0 where masks prune. A quantised weight stays in its codes if one of them
 * is exactly 0, and becomes float32 otherwise. All that is kept stays as it is to the bit.
 */
export async function prunedArtifacts(
  { weightSpecs: _, weightData: __, getWeightStream: ___, ...parts }: WholeArtifacts,
  weights: readonly ArtifactWeight[],
  masked: readonly Pick<MaskedWeight, 'name' | 'values'>[],
): Promise<WholeArtifacts> {
  const masks = new Map(masked.map(({ name, values }) => [name, values]))
  const weightSpecs: io.WeightsManifestEntry[] = []
  const weightData: ArrayBuffer[] = []
  for (const weight of weights) {
    const { spec, bytes } = await prunedWeight(weight, masks.get(weight.name))
    weightSpecs.push(spec)
    weightData.push(bytes)
  }
  return { ...parts, weightSpecs, weightData: joinedBuffers(weightData) }
}

async function prunedWeight(weight: ArtifactWeight, mask: Uint8Array | undefined) {
  const { spec, bytes } = weight
  if (!mask?.includes(0)) return { spec, bytes: bytes() }
  const code = spec.quantization && (await codeOfZero(spec.quantization))
  if (spec.quantization && code !== undefined) {
    const codes = spec.quantization.dtype === 'uint8' ? Uint8Array : Uint16Array
    return { spec, bytes: setWhere(new codes(bytes()), mask, code).buffer }
  }
  const { quantization: _, ...plain } = spec
  const values = (await decodedValues(weight)) as Float32Array<ArrayBuffer>
  return { spec: plain, bytes: setWhere(values, mask, 0).buffer }
}

type Codes = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>

function setWhere(values: Codes, mask: Uint8Array, value: number): Codes {
  for (let i = 0; i < values.length; i++) if (mask[i] === 0) values[i] = value
  return values
}

type Quantization = NonNullable<io.WeightsManifestEntry['quantization']>

/** The code that stock tfjs decodes to +0; undefined where there is none. */
async function codeOfZero(quantization: Quantization): Promise<number | undefined> {
  const { dtype, scale = 1, min = 0 } = quantization
  if (dtype === 'float16') return 0
  const code = Math.round(-min / scale)
  const type = dtype === 'uint8' ? Uint8Array : Uint16Array
  const bytes = () => type.of(code).buffer
  const spec = { name: 'zero', shape: [1], dtype: 'float32' as const, quantization }
  const [value] = await decodedValues({ spec, bytes })
  return Object.is(value, 0) ? code : undefined
}
