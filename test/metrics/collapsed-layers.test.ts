import { describe, expect, it } from 'vitest'
import { createMask } from '../../src/masks/mask.js'
import { collapsedLayers } from '../../src/metrics/collapsed-layers.js'

const counts = (name: string, size: number, kept: number) => ({
  name,
  size,
  kept,
  density: kept / size,
})

describe('collapsedLayers', () => {
  it('collapsedLayers lists weights with nothing or almost nothing kept', () => {
    const found = collapsedLayers([
      counts('encoder/dense_1/kernel', 5000, 5), // density 0.001
      counts('dense_2/kernel', 5000, 6),
      counts('dense_3/kernel', 100, 0),
      counts('out/kernel', 128, 1),
      counts('out/bias', 2, 0),
      counts('norm/beta', 8, 1),
      counts('norm/gamma', 8, 2),
      counts('scale/kernel', 1, 1), // all of it
    ])
    expect(found.map(({ layer }) => layer)).toEqual(['encoder/dense_1', 'dense_3', 'out'])
    expect(found[2]).toEqual({ layer: 'out', ...counts('out/kernel', 128, 1) })
  })

  it('collapsedLayers reads a mask as it reads the counts', () => {
    const weight = (layer: string, kept: number) => {
      const values = Uint8Array.from({ length: 20 }, (_, i) => +(i < kept))
      return { name: `${layer}/kernel`, layer, role: 'kernel', shape: [4, 5], values }
    }
    const mask = createMask([weight('first', 10), weight('second', 1), weight('third', 3)], 60)
    expect(collapsedLayers(mask)).toEqual([{ layer: 'second', ...counts('second/kernel', 20, 1) }])
    const limits = { maximumKept: 0, maximumDensity: 0.2 }
    expect(collapsedLayers(mask, limits).map(({ layer }) => layer)).toEqual(['second', 'third'])
  })

  it('collapsedLayers judges by its limits', () => {
    const list = [
      counts('a/kernel', 100, 0),
      counts('b/kernel', 100, 2),
      counts('c/kernel', 100, 3),
    ]
    const names = (options: object) => collapsedLayers(list, options).map(({ layer }) => layer)
    expect(names({})).toEqual(['a'])
    expect(names({ maximumKept: 2 })).toEqual(['a', 'b'])
    expect(names({ maximumDensity: 0.03 })).toEqual(['a', 'b', 'c'])
    expect(collapsedLayers([])).toEqual([])
  })

  it('collapsedLayers rejects limits out of range, bad counts, and what is no list', () => {
    const cannot = 'Cannot compute collapsedLayers: expected'
    const kept = new RangeError(`${cannot} maximumKept to be a whole number of at least 0, got 0.5`)
    expect(() => collapsedLayers([], { maximumKept: 0.5 })).toThrow(kept)
    for (const maximumDensity of [-0.1, 1, Number.NaN]) {
      const message = `${cannot} maximumDensity to be at least 0 and below 1, got ${maximumDensity}`
      expect(() => collapsedLayers([], { maximumDensity })).toThrow(new RangeError(message))
    }
    const more = new RangeError(
      `${cannot} kept of a/kernel to be a whole number from 0 to 4, got 5`,
    )
    expect(() => collapsedLayers([counts('a/kernel', 4, 5)])).toThrow(more)
    const none = new TypeError(`${cannot} a mask or a list of counts per weight, got null`)
    expect(() => collapsedLayers(null as unknown as [])).toThrow(none)
  })
})
