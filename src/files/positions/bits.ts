import { refusal } from '../model/refusal.js'

/** Most zeros before the one of a unary number. */
export const longestRun = 24

/** Writes whole numbers bit by bit, from the lowest bit of the first byte on. */
export interface BitWriter {
  /** The lowest `width` bits of a number, 0 to 32, the lowest first. */
  readonly bits: (value: number, width: number) => void
  /** Zero bits, at most {@link longestRun}, without a one behind them. */
  readonly zeros: (count: number) => void
}

/** A writer into bytes that are all zero and long enough. */
export function bitWriter(bytes: Uint8Array): BitWriter {
  let next = 0
  let held = 0
  let count = 0
  const put = (value: number, width: number) => {
    held |= value << count
    count += width
    while (count >= 8) {
      bytes[next++] = held
      held >>>= 8
      count -= 8
    }
    if (count > 0) bytes[next] = held
  }
  return {
    bits: (value, width) => {
      if (width <= 24) put(value & ((1 << width) - 1), width)
      else {
        put(value & 0xffff, 16)
        put((value >>> 16) & ((1 << (width - 16)) - 1), width - 16)
      }
    },
    zeros: (zeros) => put(0, zeros),
  }
}

/** Reads the bits of a {@link BitWriter}; throws a RangeError behind the end. */
export interface BitReader {
  /** A number of `width` bits, 0 to 32. */
  readonly bits: (width: number) => number
  /**
   * Number of zeros before the next one, which is read too. {@link longestRun} zeros have no one
   * behind them.
   */
  readonly run: () => number
  /** Throws a RangeError unless less than a byte is left, and that is zero. */
  readonly end: () => void
}

/** A reader from the lowest bit of the first byte on. */
export function bitReader(bytes: Uint8Array): BitReader {
  let next = 0
  let held = 0
  let count = 0
  const fill = () => {
    while (count <= 24 && next < bytes.length) {
      held |= bytes[next++]! << count
      count += 8
    }
  }
  const drop = (width: number) => {
    if (width > count) throw refusal('more positions', 'an early end')
    held = width === 32 ? 0 : (held >>> width) | 0
    count -= width
  }
  const take = (width: number) => {
    if (count < width) fill()
    const value = held & ((1 << width) - 1)
    drop(width)
    return value
  }
  return {
    bits: (width) => (width <= 24 ? take(width) : take(16) + 2 ** 16 * take(width - 16)),
    run: () => {
      fill()
      const zeros = held === 0 ? 32 : 31 - Math.clz32(held & -held)
      drop(Math.min(zeros + 1, longestRun))
      return Math.min(zeros, longestRun)
    },
    end: () => {
      fill()
      if (count >= 8 || held !== 0) throw refusal('no more positions', 'some')
    },
  }
}
