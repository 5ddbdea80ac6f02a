import { describe, expect, it } from 'vitest'
import { bitsOf, compressedTypes } from '../../../src/files/values/value-type.js'

describe('compressedTypes', () => {
  it('compressedTypes names all types, small to large', () => {
    const bits = compressedTypes.map(bitsOf)
    expect(bits).toEqual([4, 5, 6, 7, 8, 8, 16, 32])
    expect(new Set(compressedTypes).size).toBe(8)
    for (const type of compressedTypes)
      if (type.startsWith('codebook')) expect(type).toBe(`codebook${bitsOf(type)}`)
  })
})
