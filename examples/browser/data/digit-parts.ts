import type { PartName } from '../shared/contract.js'
import { drawDigit, SIDE } from './draw-digit.js'
import { randomStream } from './random.js'

/** Images of one part: `SIDE * SIDE` grey values each, and labels, 1 = an eight. */
export interface DigitPart {
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Eights of each part; eight times as many other digits stand beside them. */
const EIGHTS: Readonly<Record<PartName, number>> = { train: 40, validation: 40, test: 40 }
const OTHERS = [0, 1, 2, 3, 4, 5, 6, 7, 9]
const OTHERS_PER_EIGHT = 8

/** Draws a part of the digits: always the same images. */
export function digitPart(part: PartName): DigitPart {
  const random = randomStream({ train: 1, validation: 2, test: 3 }[part])
  const digits: number[] = []
  for (let eight = 0; eight < EIGHTS[part]; eight++) {
    digits.push(8)
    for (let other = 0; other < OTHERS_PER_EIGHT; other++)
      digits.push(OTHERS[(eight * OTHERS_PER_EIGHT + other) % OTHERS.length]!)
  }
  const pixels = new Uint8Array(digits.length * SIDE * SIDE)
  for (const [i, digit] of digits.entries()) pixels.set(drawDigit(digit, random), i * SIDE * SIDE)
  return { pixels, labels: Uint8Array.from(digits, (digit) => Number(digit === 8)) }
}
