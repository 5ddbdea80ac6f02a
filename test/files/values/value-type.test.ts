import { describe, expect, it } from 'vitest'
import { bitsOf, valueTypes } from '../../../src/files/values/value-type.js'

describe('valueTypes', () => {
  it('valueTypes names all types, small to large', () => {
    const bits = valueTypes.map(bitsOf)
    expect(bits).toEqual([4, 5, 6, 7, 8, 8, 16, 32])
    expect(new Set(valueTypes).size).toBe(8)
    for (const type of valueTypes)
      if (type.startsWith('codebook')) expect(type).toBe(`codebook${bitsOf(type)}`)
  })
})
