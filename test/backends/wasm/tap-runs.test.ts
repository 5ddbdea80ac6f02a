import { describe, expect, it } from 'vitest'
import { tapRunsOf } from '../../../src/backends/wasm/convolution/tap-runs.js'

describe('tapRunsOf', () => {
  it('cuts the border off', () => {
    const axis = { targets: 5, sources: 5, taps: 3, step: 1 }
    const runs = tapRunsOf({ ...axis, sourceOf: (target, tap) => target + tap - 1 })
    const steps = { targetStep: 1, sourceStep: 1, sourceTapStep: 1, tapStep: 1 }
    expect(runs).toEqual([
      { ...steps, target: 0, targets: 1, tap: 1, taps: 2, source: 0 },
      { ...steps, target: 1, targets: 3, tap: 0, taps: 3, source: 0 },
      { ...steps, target: 4, targets: 1, tap: 0, taps: 2, source: 3 },
    ])
  })

  it('sees the way back of a stride as one run for each place under it', () => {
    const axis = { targets: 6, sources: 3, taps: 3, step: 2 }
    const runs = tapRunsOf({ ...axis, sourceOf: (target, tap) => (target - tap) / 2 })
    expect(runs.map(({ target, targets, tap, taps }) => [target, targets, tap, taps])).toEqual([
      [0, 1, 0, 1],
      [2, 2, 0, 2],
      [1, 3, 1, 1],
    ])
    expect(runs[1]).toMatchObject({ source: 1, sourceStep: 1, sourceTapStep: -1, tapStep: 2 })
  })

  it('keeps targets without a source, with no taps', () => {
    const axis = { targets: 4, sources: 2, taps: 1, step: 1 }
    const runs = tapRunsOf({ ...axis, sourceOf: (target) => target - 1 })
    expect(runs.map(({ target, targets, taps }) => [target, targets, taps])).toEqual([
      [0, 1, 0],
      [1, 2, 1],
      [3, 1, 0],
    ])
  })
})
