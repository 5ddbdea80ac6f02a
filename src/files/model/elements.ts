/** Types of the elements of weights that a container can hold. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'string'

/** Elements of a weight; of texts their bytes, each with its length in front. */
export type Elements = Float32Array | Int32Array | Uint8Array

const VIEWS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, string: Uint8Array }

/** Whether a dtype, of tfjs or read from a file, is an {@link ElementType}. */
export function isElementType(dtype: unknown): dtype is ElementType {
  return typeof dtype === 'string' && Object.hasOwn(VIEWS, dtype)
}

/** Bytes of an element in memory; of texts, those of a byte. */
export function elementBytes(dtype: ElementType): number {
  return VIEWS[dtype].BYTES_PER_ELEMENT
}
