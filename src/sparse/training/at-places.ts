/** Writes each value to its place; without places the values are all there are. */
export function spread(
  values: Float32Array,
  places: Uint32Array | undefined,
  all: Float32Array,
): Float32Array {
  if (places) for (let i = 0; i < places.length; i++) all[places[i]!] = values[i]!
  else all.set(values)
  return all
}

/** The values at the places, or all of them without places. */
export function pick(
  all: ArrayLike<number>,
  places: Uint32Array | undefined,
  values: Float32Array,
): Float32Array {
  if (places) for (let i = 0; i < places.length; i++) values[i] = all[places[i]!]!
  else values.set(all)
  return values
}
