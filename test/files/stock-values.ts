import { io } from '@tensorflow/tfjs-core'

const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as Record<
  string,
  number
>

/**
 * A weight of a file, decoded by the formulas of the format and not by code of the library or of
 * tfjs.
 */
export interface StockValues {
  readonly values: number[]
  /**
   * Largest distance to the value that was stored, for a value: half a step, and the rounding to
   * float32.
   */
  readonly bound: (value: number) => number
  readonly quantization?: io.WeightsManifestEntry['quantization']
}

/** All weights of what a handler was given, by name. */
export function stockValues({
  weightSpecs,
  weightData,
}: io.ModelArtifacts): Record<string, StockValues> {
  const view = new DataView(io.CompositeArrayBuffer.join(weightData))
  let offset = 0
  const entries = weightSpecs!.map(({ name, shape, dtype, quantization }) => {
    const bytes = BYTES[quantization?.dtype ?? dtype]!
    const size = shape.reduce((product, side) => product * side, 1)
    const values = Array.from({ length: size }, (_, i) =>
      decode(view, offset + i * bytes, quantization ?? { dtype }),
    )
    offset += size * bytes
    const bound = (value: number) => boundOf(Math.abs(value), quantization)
    return [name, { values, bound, ...(quantization && { quantization }) }] as const
  })
  if (offset !== view.byteLength)
    throw new Error(`${view.byteLength} bytes for weights of ${offset}`)
  return Object.fromEntries(entries)
}

type Format = { readonly dtype: string; readonly scale?: number; readonly min?: number }

function decode(view: DataView, at: number, { dtype, scale, min }: Format): number {
  if (dtype === 'float32') return view.getFloat32(at, true)
  if (dtype === 'int32') return view.getInt32(at, true)
  if (dtype === 'bool') return view.getUint8(at)
  if (dtype === 'float16') return halfPrecision(view.getUint16(at, true))
  return Math.fround(
    (dtype === 'uint8' ? view.getUint8(at) : view.getUint16(at, true)) * scale! + min!,
  )
}

function halfPrecision(code: number): number {
  const [exponent, fraction] = [(code >> 10) & 31, code & 1023]
  const magnitude =
    exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return code >> 15 ? -magnitude : magnitude
}

function boundOf(magnitude: number, quantization: io.WeightsManifestEntry['quantization']): number {
  if (quantization === undefined) return 0
  // Half of the distance of two neighbouring values of float16, which is 2^-24 at least.
  if (quantization.dtype === 'float16') return Math.max(magnitude * 2 ** -11, 2 ** -25)
  return quantization.scale! / 2 + (magnitude + quantization.scale!) * 2 ** -24
}
