import { describe, expect, it } from 'vitest'
import { byRound } from '../../src/losses/by-round.js'
import { classDependent } from '../../src/losses/class-dependent.js'
import type { Loss } from '../../src/types.js'

describe('byRound', () => {
  it('byRound asks for the loss of the round', () => {
    const schedule = byRound((round) => classDependent({ gamma: 1 + round }))
    expect([0, 1, 7].map((round) => schedule.atRound(round).settings?.gamma)).toEqual([1, 2, 8])
  })

  it('byRound rejects a round that is no whole number of at least 0', () => {
    const { atRound } = byRound(() => classDependent())
    const message =
      'Cannot choose the loss of a round: expected round to be a whole number of at least 0, got'
    for (const round of [-1, 0.5, Number.NaN])
      expect(() => atRound(round)).toThrow(new RangeError(`${message} ${round}`))
    expect(() => atRound('1' as unknown as number)).toThrow(new TypeError(`${message} "1"`))
  })

  it('byRound rejects what is no function, and a function that gives none', () => {
    const loss = classDependent()
    expect(() => byRound([loss] as unknown as () => Loss)).toThrow(
      new TypeError('Cannot make byRound: expected a function, got object'),
    )
    expect(() => byRound(() => undefined as unknown as Loss).atRound(3)).toThrow(
      new TypeError('Cannot choose the loss of round 3: expected a function, got undefined'),
    )
  })
})
