import { describe, expect, it } from 'vitest'
import { byEpoch } from '../../src/losses/by-epoch.js'
import { classDependent } from '../../src/losses/class-dependent.js'

describe('byEpoch', () => {
  it('byEpoch asks for the loss of the epoch in its round', () => {
    const { atEpoch, atRound } = byEpoch((epoch, round) =>
      classDependent({ gamma: 1 + epoch, lambda: round }),
    )
    const { gamma, lambda } = atEpoch!(3, 5).settings!
    expect([gamma, lambda]).toEqual([4, 5])
    expect(atRound(2).settings).toEqual(atEpoch!(0, 2).settings)
  })

  it('byEpoch rejects an epoch or a round that is no whole number of at least 0', () => {
    const { atEpoch } = byEpoch(() => classDependent())
    const cannot = 'Cannot choose the loss of an epoch: expected'
    for (const wrong of [-1, 0.5, Number.NaN]) {
      const wanted = `to be a whole number of at least 0, got ${wrong}`
      expect(() => atEpoch!(wrong, 0)).toThrow(new RangeError(`${cannot} epoch ${wanted}`))
      expect(() => atEpoch!(0, wrong)).toThrow(new RangeError(`${cannot} round ${wanted}`))
    }
  })

  it('byEpoch rejects what is no function, and a function that gives none', () => {
    expect(() => byEpoch(5 as never)).toThrow(
      new TypeError('Cannot make byEpoch: expected a function, got number'),
    )
    expect(() => byEpoch(() => undefined as never).atEpoch!(1, 0)).toThrow(
      new TypeError(
        'Cannot choose the loss of an epoch: expected a loss for epoch 1, got undefined',
      ),
    )
  })
})
