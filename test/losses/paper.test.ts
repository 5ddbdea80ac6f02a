import { tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { classDependent } from '../../src/losses/class-dependent.js'
import { paper } from '../../src/paper.js'
import { gradientOf } from './gradient-of.js'
import '@tensorflow/tfjs-layers'

const table = [
  { name: 'red', gammas: [1, 1, 1], lambda: 0 },
  { name: 'blue', gammas: [1, 1, 1], lambda: 5 },
  { name: 'black', gammas: [1, 5, 5], lambda: 5 },
  { name: 'green', gammas: [10, 10, 10], lambda: 5 },
] as const

describe('paper', () => {
  it.each(table)(
    "paper.$name has the paper's weights in every round",
    ({ name, gammas, lambda }) => {
      const labels = tensor1d([0, 1, 0, 0])
      const outputs = tensor1d([0.3, -0.4, 1.7, 0.9])
      gammas.forEach((gamma, round) => {
        const loss = paper[name]().atRound(round)
        expect(loss.settings).toEqual({
          gamma,
          lambda,
          positiveClass: 1,
          tau: 'one',
          output: 'auto',
        })
        expect(gradientOf(loss, labels, outputs)).toEqual(
          gradientOf(classDependent({ gamma, lambda }), labels, outputs),
        )
      })
    },
  )

  it.each(table)('paper.$name passes on the positive class and the output', ({ name }) => {
    const { settings } = paper[name]({ positiveClass: 0, output: 'probabilities' }).atRound(1)
    expect(settings).toMatchObject({ positiveClass: 0, output: 'probabilities' })
  })
})
