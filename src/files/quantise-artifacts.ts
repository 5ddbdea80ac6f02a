import { io } from '@tensorflow/tfjs-core'
import { bytesOfWeight } from './disk/model-json.js'
import type { SavedWeight } from './saved-weights.js'
import { UnfitValues } from './unfit-values.js'
import { encodeAffine } from './values/affine.js'
import { encodeFloat16, largestFloat16 } from './values/float16.js'
import { largestFloat32 } from './values/float32.js'
import type { QuantisedType } from './values/value-type.js'

/**
 * Largest absolute value that comes back finite: half a step is added to the range of uint8 and
 * uint16 at most.
 */
const LARGEST: Readonly<Record<QuantisedType, number>> = {
  uint8: largestFloat32 * (1 - 1 / 0xff),
  uint16: largestFloat32 * (1 - 1 / 0xffff),
  float16: largestFloat16,
}

interface QuantiseOptions {
  readonly type: QuantisedType
  /** The weights to quantise. */
  readonly weights: readonly SavedWeight[]
  readonly task: string
}

/**
 * What `model.save` hands over, with some float32 weights in fewer bits; throws for values that do
 * not fit.
 */
export function quantiseArtifacts(
  artifacts: io.ModelArtifacts,
  options: QuantiseOptions,
): io.ModelArtifacts {
  const names = new Map(options.weights.map(({ name, savedName }) => [savedName, name]))
  const data = io.CompositeArrayBuffer.join(artifacts.weightData)
  const specs: io.WeightsManifestEntry[] = []
  const parts: ArrayBuffer[] = []
  let offset = 0
  for (const spec of artifacts.weightSpecs ?? []) {
    const end = offset + bytesOfWeight(spec)
    // A copy: a weight behind bool ones need not lie at a multiple of four bytes.
    const part = data.slice(offset, end)
    const name = names.get(spec.name)
    const { quantization, bytes } =
      name === undefined ? { bytes: part } : quantise(part, name, options)
    specs.push(quantization ? { ...spec, quantization } : spec)
    parts.push(bytes)
    offset = end
  }
  return { ...artifacts, weightSpecs: specs, weightData: io.CompositeArrayBuffer.join(parts) }
}

type Quantised = { readonly bytes: ArrayBuffer } & Required<
  Pick<io.WeightsManifestEntry, 'quantization'>
>

function quantise(part: ArrayBuffer, name: string, { type, task }: QuantiseOptions): Quantised {
  const values = new Float32Array(part)
  const wrong = values.findIndex((value) => !(Math.abs(value) <= LARGEST[type]))
  if (wrong >= 0) {
    const wanted = `expected values between -${LARGEST[type]} and ${LARGEST[type]} in ${name} for ${type}`
    throw new UnfitValues(task, `${wanted}, got ${values[wrong]} at ${wrong}`)
  }
  if (type === 'float16')
    return { bytes: encodeFloat16(values).buffer as ArrayBuffer, quantization: { dtype: type } }
  const { codes, scale, min } = encodeAffine(values, type)
  return { bytes: codes.buffer as ArrayBuffer, quantization: { dtype: type, scale, min } }
}
