import { layers, sequential } from '@tensorflow/tfjs-layers'
import { computeMask, type Granularity, magnitude, perLayer, prune } from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channels } from '../../src/granularity/channels.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(40)
})
afterAll(() => data.xs.dispose())

describe('prune with a granularity', () => {
  it('prune removes whole units, level by level, and reports what is at its minimum', async () => {
    const model = smallNetwork()
    const run = {
      ...quickRun(data, { schedule: [1, 0.5, 0.25, 0.01] }),
      granularity: units(),
      criterion: magnitude(),
    }
    const { rounds } = await prune(model, run)
    for (const { mask } of rounds) {
      for (const { shape, values } of mask.weights) {
        const [, outputs] = shape as [number, number]
        for (let unit = 0; unit < outputs; unit++) {
          const column = values.filter((_, i) => i % outputs === unit)
          expect(new Set(column).size).toBe(1)
        }
      }
    }
    const [first] = rounds[0]!.mask.weights
    const unitsOf = (round: number) => rounds[round]!.mask.weights[0]!.kept / first!.shape[0]!
    const outputs = first!.shape[1]!
    expect([0, 1, 2, 3].map(unitsOf)).toEqual([
      outputs,
      Math.round(outputs / 2),
      Math.round(outputs / 4),
      1,
    ])
    expect(rounds[0]!.atMinimum).toEqual([])
    expect(rounds[3]!.atMinimum).toContain(first!.name)
  })

  it('computeMask takes limits in elements as whole groups', async () => {
    const model = fillWeights(
      sequential({ layers: [layers.dense({ name: 'one', units: 8, inputShape: [4] })] }),
    )
    const limits = [{ include: 'one/kernel', minimumKept: 9 }]
    const mask = await computeMask(model, {
      density: 0.01,
      granularity: units(),
      select: { limits },
    })
    expect(mask.kept).toBe(12) // three units of four elements hold nine
    model.dispose()
  })

  it('prune refuses a granularity that a weight does not have, before any weight changes', async () => {
    const model = smallNetwork()
    const before = weightBits(model)
    const run = {
      ...quickRun(data, { schedule: [1, 0.5] }),
      select: { biases: true },
      granularity: channels(),
    }
    expect(await lateRefusalOf(() => prune(model, run))).toMatch(
      /^RangeError: Cannot group .+ by channels: expected .+, got /,
    )
    const cells = { ...quickRun(data, { schedule: [1, 0.5, 0.3] }), granularity: nOfM({ of: 4 }) }
    expect(await lateRefusalOf(() => prune(model, cells))).toBe(
      'RangeError: Cannot keep in cells: expected a density of 1/4 or a multiple of it up to 1, as 1:4 keeps 0.25, got 0.3',
    )
    const wrong = { ...quickRun(data), granularity: { name: 'none' } as Granularity }
    expect(await lateRefusalOf(() => prune(model, wrong))).toMatch(
      /^TypeError: Cannot prune: expected /,
    )
    expect(weightBits(model)).toEqual(before)
  })

  it('prune ends an endless schedule when every weight is at its least number of units', async () => {
    const schedule = (round: number) => 0.5 ** round
    const parts = { schedule, granularity: units(), criterion: magnitude(), train: () => {} }
    const run = quickRun(data, parts)
    const { rounds } = await prune(smallNetwork(), run)
    expect(rounds.length).toBeLessThan(12)
    const { weights } = rounds.at(-1)!.mask
    expect(weights.every(({ kept, shape }) => kept === shape[0])).toBe(true)
  })

  it('prune keeps two of four inputs through its rounds', async () => {
    const model = smallNetwork()
    const run = {
      ...quickRun(data, { schedule: [1, 0.75, 0.5] }),
      granularity: nOfM({ of: 4 }),
      allocate: perLayer(),
    }
    const { rounds } = await prune(model, run)
    for (const { shape, values } of rounds[2]!.mask.weights) {
      const [inputs, outputs] = shape as [number, number]
      for (let unit = 0; unit < outputs; unit++) {
        const column = values.filter((_, i) => i % outputs === unit)
        for (let cell = 0; cell < inputs; cell += 4) {
          const own = column.slice(cell, cell + 4)
          expect(own.filter((value) => value === 1).length).toBe(Math.min(2, own.length))
        }
      }
    }
  })
})
