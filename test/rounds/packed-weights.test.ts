import fc from 'fast-check'
import { createMask } from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { packWeights, unpackWeights } from '../../src/rounds/packed-weights.js'
import { bitsOf } from '../support/weights.js'

const entries = fc.array(
  fc.record({
    kept: fc.constantFrom(0, 1),
    value: fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(-0, 0)),
  }),
  { minLength: 1, maxLength: 40 },
)

describe('packWeights', () => {
  test('packWeights keeps as many values as the mask does, and unpackWeights puts +0 in the gaps', () => {
    fc.assert(
      fc.property(entries, (elements) => {
        const values = Uint8Array.from(elements, ({ kept }) => kept)
        const weight = {
          name: 'a/kernel',
          layer: 'a',
          role: 'kernel',
          shape: [values.length],
          values,
        }
        const mask = createMask([weight], values.length + 2)
        const whole = {
          'a/kernel': Float32Array.from(elements, ({ value }) => value),
          'a/bias': Float32Array.of(1, 2),
        }
        const packed = packWeights(whole, mask)
        expect(packed['a/kernel']).toHaveLength(mask.kept)
        expect(packed['a/bias']).toEqual(whole['a/bias'])
        const back = unpackWeights(packed, mask)
        const masked = whole['a/kernel'].map((value, i) => (values[i] === 1 ? value : 0))
        expect(bitsOf(back['a/kernel'] as Float32Array)).toEqual(bitsOf(masked))
        expect(back['a/bias']).toEqual(whole['a/bias'])
      }),
    )
  })
})

test('unpackWeights refuses values that do not fit the mask', () => {
  const weight = {
    name: 'out/kernel',
    layer: 'out',
    role: 'kernel',
    shape: [3],
    values: Uint8Array.of(1, 0, 1),
  }
  const mask = createMask([weight], 3)
  const cut = { 'out/kernel': Float32Array.of(1) }
  expect(() => unpackWeights(cut, mask)).toThrow(
    new RangeError('Cannot restore out/kernel: expected 2 kept values in the round, got 1'),
  )
})
