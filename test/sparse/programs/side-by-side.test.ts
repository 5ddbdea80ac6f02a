import { describe, expect, it } from 'vitest'
import type { Network, Shape } from '../../../src/sparse/network/network.js'
import { fewSamples } from '../../../src/sparse/programs/side-by-side.js'
import { dice, randomMatrix } from '../support/random-networks.js'

const product = (shape: Shape): Network => {
  const matrix = randomMatrix(dice(1), 20, 30, 0.5)
  const operation = { kind: 'product', matrix } as const
  const steps = [{ layer: 'a', operation, inputs: [0], output: 1 }]
  return {
    shapes: [
      [...shape, 30],
      [...shape, 20],
    ],
    inputs: [0],
    outputs: [1],
    steps,
  }
}

describe('fewSamples', () => {
  it('says 2 where single floats are summed', () => {
    expect(Math.floor(fewSamples(product([])))).toBe(2)
  })

  it('says 13 where planes are summed, or nothing is', () => {
    expect(Math.floor(fewSamples(product([8, 8])))).toBe(13)
    expect(Math.floor(fewSamples({ ...product([]), steps: [] }))).toBe(13)
  })
})
