import { type BitReader, type BitWriter, longestRun } from './bits.js'

/** A code for whole numbers from 0 to a largest one. */
export interface RiceCode {
  /** Number of low bits that are written as they are. */
  readonly parameter: number
  /** Bits of the largest number: those of a number whose quotient is too long. */
  readonly width: number
}

/**
 * The code for the gaps between `marks` marks on a row of `length` places, 1 <= marks <= length /
 * 2.
 *
 * The parameter is the best one for a geometric law of the marks' density: the smallest k with 2^k
 * (-ln(1 - p)) > ln((1 + sqrt 5) / 2) = .4812 (Kiely 2004), where -ln(1 - p) is taken as 2p / (2 -
 * p) and p = marks / length. All numbers are whole and below 2^53: k is the same on every machine.
 *
 * @see A. Kiely, Selecting the Golomb Parameter in Rice Coding, IPN Progress Report 42-159, 2004
 */
export function gapCode(length: number, marks: number): RiceCode {
  let parameter = 0
  for (let left = marks * 20_000; left <= (2 * length - marks) * 4_812; left *= 2) parameter++
  return { parameter, width: bitsFor(length - 1) }
}

/** Bits that a whole number below 2^32 takes; 0 for 0. */
export function bitsFor(number: number): number {
  return 32 - Math.clz32(number)
}

/** Bits of a number in a code. */
export function riceBits(value: number, { parameter, width }: RiceCode): number {
  const quotient = shifted(value, parameter)
  return quotient < longestRun ? quotient + 1 + parameter : longestRun + width
}

/**
 * Writes a number. A quotient by 2^parameter below 24 is written as that many zeros and a one, and
 * the low bits follow, the lowest first. Otherwise 24 zeros come first, then the whole number in
 * `width` bits.
 */
export function writeRice(writer: BitWriter, value: number, { parameter, width }: RiceCode): void {
  const quotient = shifted(value, parameter)
  if (quotient >= longestRun) {
    writer.zeros(longestRun)
    writer.bits(value, width)
    return
  }
  writer.zeros(quotient)
  writer.bits(1, 1)
  writer.bits(value, parameter)
}

/** Reads a number that {@link writeRice} wrote. */
export function readRice(reader: BitReader, { parameter, width }: RiceCode): number {
  const quotient = reader.run()
  return quotient === longestRun
    ? reader.bits(width)
    : quotient * 2 ** parameter + reader.bits(parameter)
}

/** value / 2^parameter, rounded down. */
function shifted(value: number, parameter: number): number {
  return parameter > 31 ? 0 : value >>> parameter
}
