/**
 * Indices of float32 values from the lowest to the highest, equal ones (both zeros too) by index;
 * NaN comes at one of the ends. A radix sort, byte by byte of the bits: O(n).
 *
 * @param values Rounded to float32.
 * @param indices Where to look; in ascending order.
 */
export function ascendingOrder(values: ArrayLike<number>, indices: Uint32Array): Uint32Array {
  const count = indices.length
  let keys = keysOf(values, indices)
  let order: Uint32Array = indices.slice()
  let nextKeys: Uint32Array = new Uint32Array(count)
  let nextOrder: Uint32Array = new Uint32Array(count)
  const places = new Uint32Array(256)
  for (let shift = 0; shift < 32; shift += 8) {
    places.fill(0)
    for (let i = 0; i < count; i++) places[(keys[i]! >>> shift) & 255]!++
    if (places.includes(count)) continue
    let before = 0
    for (let byte = 0; byte < 256; byte++) {
      const own = places[byte]!
      places[byte] = before
      before += own
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i]!
      const place = places[(key >>> shift) & 255]!++
      nextKeys[place] = key
      nextOrder[place] = order[i]!
    }
    ;[keys, nextKeys] = [nextKeys, keys]
    ;[order, nextOrder] = [nextOrder, order]
  }
  return order
}

/**
 * Whole numbers in the order of the values: the bits of a float ascend with it above 0 and descend
 * below.
 */
function keysOf(values: ArrayLike<number>, indices: Uint32Array): Uint32Array {
  const floats = new Float32Array(indices.length)
  // Adding 0 makes +0 of -0.
  for (let i = 0; i < indices.length; i++) floats[i] = values[indices[i]!]! + 0
  const keys = new Uint32Array(floats.buffer)
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i]!
    keys[i] = bits >>> 31 === 1 ? ~bits : bits | 0x80000000
  }
  return keys
}
