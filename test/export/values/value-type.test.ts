import { describe, expect, it } from 'vitest'
import { bitsOf, checkValueType, valueTypes } from '../../../src/export/values/value-type.js'

describe('valueTypes', () => {
  it('valueTypes names all types, small to large', () => {
    const bits = valueTypes.map(bitsOf)
    expect(bits).toEqual([4, 5, 6, 7, 8, 8, 16, 32])
    expect(new Set(valueTypes).size).toBe(8)
    for (const type of valueTypes) if (type.startsWith('codebook')) expect(type).toBe(`codebook${bitsOf(type)}`)
  })
})

describe('checkValueType', () => {
  it('checkValueType lets every type pass', () => {
    for (const type of valueTypes) expect(() => checkValueType(type, { task: 'save', name: 'values' })).not.toThrow()
  })

  it('checkValueType names the choices', () => {
    const message = /^Cannot save: expected values to be 'codebook4' or .* or 'float32', got uint8$/
    expect(() => checkValueType('uint8', { task: 'save', name: 'values' })).toThrow(message)
    for (const type of [undefined, 'toString', 8]) {
      expect(() => checkValueType(type, { task: 'save', name: 'values' })).toThrow(RangeError)
    }
  })
})
