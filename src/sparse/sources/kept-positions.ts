/** The places of the elements of a mask that are not 0, ascending. */
export function keptPositions(mask: ArrayLike<number>): Uint32Array {
  let count = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) count++
  const positions = new Uint32Array(count)
  let next = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) positions[next++] = i
  return positions
}
