/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}

/** Bytes of a decoded element. */
export function elementBytes(dtype: 'float32' | 'int32' | 'bool'): number {
  return dtype === 'bool' ? 1 : 4
}
