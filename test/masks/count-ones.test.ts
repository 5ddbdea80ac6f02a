import { expect, test } from 'vitest'
import { countOnes } from '../../src/masks/count-ones.js'

/** One at a time. */
const plainly = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0)

test('countOnes counts at every offset and length, where words begin and where they do not', () => {
  const buffer = Uint8Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : 0)).buffer
  for (let offset = 0; offset < 8; offset++) {
    for (let length = 0; length <= 24; length++) {
      const part = new Uint8Array(buffer, offset, length)
      expect([offset, length, countOnes(part)]).toEqual([offset, length, plainly(part)])
    }
  }
})

test.each([1019, 1020, 1021, 1024, 100_003])(
  'countOnes counts %i ones without a carry',
  (length) => {
    expect(countOnes(new Uint8Array(length).fill(1))).toBe(length)
  },
)
