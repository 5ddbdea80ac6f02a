/** Bits of a digit: three digits make a key. */
const BITS = 11
const DIGITS = 2 ** BITS
const PASSES = 3

/**
 * Indices of float32 values from the lowest to the highest, those of equal values (both zeros too)
 * in the order that they have in `indices`; NaN comes at one of the ends. A radix sort, digit by
 * digit of the bits: O(n).
 *
 * @param values Rounded to float32.
 * @param indices Where to look.
 */
export function ascendingOrder(values: ArrayLike<number>, indices: Uint32Array): Uint32Array {
  const count = indices.length
  let keys = keysOf(values, indices)
  let order: Uint32Array = indices.slice()
  let nextKeys: Uint32Array = new Uint32Array(count)
  let nextOrder: Uint32Array = new Uint32Array(count)
  for (const [pass, places] of countsOf(keys).entries()) {
    if (places.includes(count)) continue
    begin(places)
    const shift = pass * BITS
    for (let i = 0; i < count; i++) {
      const key = keys[i]!
      const place = places[(key >>> shift) & (DIGITS - 1)]!++
      nextKeys[place] = key
      nextOrder[place] = order[i]!
    }
    ;[keys, nextKeys] = [nextKeys, keys]
    ;[order, nextOrder] = [nextOrder, order]
  }
  return order
}

/** How many keys have each digit, from the last digit to the first. */
function countsOf(keys: Uint32Array): Uint32Array[] {
  const [low, middle, high] = Array.from({ length: PASSES }, () => new Uint32Array(DIGITS)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ]
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    low[key & (DIGITS - 1)]!++
    middle[(key >>> BITS) & (DIGITS - 1)]!++
    high[key >>> (2 * BITS)]!++
  }
  return [low, middle, high]
}

/** Where the keys of each digit begin, in the place of how many there are. */
function begin(counts: Uint32Array): void {
  let before = 0
  for (let digit = 0; digit < counts.length; digit++) {
    const own = counts[digit]!
    counts[digit] = before
    before += own
  }
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
