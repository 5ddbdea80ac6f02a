import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  countXRays,
  findXRays,
  pickXRays,
  splitEachClass,
  standardise,
  whatIsMissing,
  withoutRepeats,
  type XRays,
} from '../../examples/support/pneumonia.js'

/** Images of one gray each. */
const grays = (values: readonly number[], ys: readonly number[]): XRays => ({
  pixels: Uint8Array.from(values.flatMap((value) => new Array<number>(784).fill(value))),
  ys: Uint8Array.from(ys),
})
const firstPixels = ({ pixels }: XRays) => Array.from(pixels.filter((_, i) => i % 784 === 0))

describe('the X-rays of the examples', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('findXRays finds nothing without DATA_DIR, and names a folder that is not there', () => {
    vi.stubEnv('DATA_DIR', '')
    expect(findXRays('pneumonia-full')).toBeUndefined()
    expect(whatIsMissing('pneumonia-full')).toMatch(
      /^Nothing was run.*DATA_DIR.*pneumonia-full\/<split>-images\.bin/,
    )
    vi.stubEnv('DATA_DIR', '/no/such/place')
    expect(() => findXRays('pneumonia-1to5')).toThrow(
      'Cannot find the X-rays: expected a folder /no/such/place/pneumonia-1to5, got none',
    )
  })

  it('withoutRepeats keeps the first of equal images, within a part and between parts', () => {
    const pool = withoutRepeats([grays([10, 20, 10], [0, 1, 0]), grays([20, 30], [0, 1])])
    expect(firstPixels(pool)).toEqual([10, 20, 30])
    expect([...pool.ys]).toEqual([0, 1, 1])
    expect(countXRays(pool)).toEqual({ positives: 2, negatives: 1 })
  })

  it('withoutRepeats keeps images that differ in one pixel', () => {
    const two = grays([10, 10], [0, 0])
    two.pixels[2 * 784 - 1] = 10 + 128
    expect(withoutRepeats([two]).ys.length).toBe(2)
  })

  it('splitEachClass gives each class its own shares, and each image one role', () => {
    const ys = Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 0 : 1))
    const shares = [
      { train: 0.5, calibration: 0.2, test: 0.3 },
      { train: 0.1, calibration: 0.5, test: 0.4 },
    ]
    const parts = splitEachClass(ys, { shares, seed: 1 })
    const counts = (indices: Int32Array) =>
      countXRays({ ys: Uint8Array.from(indices, (i) => ys[i]!) })
    expect(counts(parts.train)).toEqual({ positives: 20, negatives: 50 })
    expect(counts(parts.calibration)).toEqual({ positives: 100, negatives: 20 })
    expect(counts(parts.test)).toEqual({ positives: 80, negatives: 30 })
    expect(parts.validation.length).toBe(0)
    const all = [...parts.train, ...parts.calibration, ...parts.test].sort((a, b) => a - b)
    expect(all).toEqual([...ys.keys()])
  })

  it('pickXRays takes image and label of each index, in order', () => {
    const picked = pickXRays(grays([10, 20, 30], [0, 1, 0]), Int32Array.of(2, 1))
    expect(firstPixels(picked)).toEqual([30, 20])
    expect([...picked.ys]).toEqual([0, 1])
  })

  it('standardise takes mean and deviation from the training part alone', () => {
    const { train, test } = standardise({ train: grays([10, 30], [0, 1]), test: grays([40], [1]) })
    expect(test.xs.shape).toEqual([1, 28, 28, 1])
    expect([...train.xs.dataSync()].filter((_, i) => i % 784 === 0)).toEqual([-1, 1])
    expect(test.xs.dataSync()[0]).toBe(2)
    train.xs.dispose()
    test.xs.dispose()
  })
})
