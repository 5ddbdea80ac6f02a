import { describe, expect, it } from 'vitest'
import { masksOf } from '../../src/layers/masks-of.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { randomMask, tangledModel } from './models.js'

describe('masksOf', () => {
  it('masksOf reads the mask that withMasks was given, counts included', () => {
    const model = tangledModel()
    for (const seed of [1, 2, 3]) {
      const mask = randomMask(model, () => true, seed)
      expect(masksOf(withMasks(model, mask))).toEqual(mask)
    }
  })

  it('masksOf gives a value of its own', () => {
    const model = tangledModel()
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    masksOf(masked).weights[0]!.values.fill(1)
    expect(masksOf(masked)).toEqual(mask)
  })

  it('masksOf throws for a model without masking layers', () => {
    expect(() => masksOf(tangledModel())).toThrow(TypeError)
    expect(() => masksOf(tangledModel())).toThrow(
      'Cannot read masks: expected a model with masking layers, got one without',
    )
  })
})
