import type { io } from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'

/** Types that stock tfjs reads, and those in which it reads float32 and int32 in fewer bits. */
const TYPES = ['float32', 'int32', 'bool', 'string', 'complex64']
const CODES = ['uint8', 'uint16', 'float16']

/** Throws a TypeError unless stock tfjs can read the weight of an entry. */
export function checkSpec(spec: unknown, task: string): asserts spec is io.WeightsManifestEntry {
  const { name, shape, dtype, quantization } = Object(spec) as Partial<io.WeightsManifestEntry>
  const wrong = (wanted: string, got: string) =>
    new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  if (typeof name !== 'string') throw wrong('weightSpecs with a name each', describe(name))
  if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side >= 0))
    throw wrong(`a shape of whole numbers for the weight ${name}`, JSON.stringify(shape) ?? 'none')
  if (!TYPES.includes(dtype!))
    throw wrong(`a known dtype for the weight ${name}`, String(quantization?.dtype ?? dtype))
  if (quantization === undefined) return
  const { dtype: code, min, scale } = Object(quantization) as Partial<typeof quantization>
  const types = code === 'float16' ? ['float32'] : ['float32', 'int32']
  if (!CODES.includes(code!) || !types.includes(dtype!))
    throw wrong(`a known dtype for the weight ${name}`, `${dtype} in ${code}`)
  const isLine = Number.isFinite(min) && Number.isFinite(scale)
  if (code !== 'float16' && !isLine)
    throw wrong(`a finite min and scale for the weight ${name}`, `${min} and ${scale}`)
}
