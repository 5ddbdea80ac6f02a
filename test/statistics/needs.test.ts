import {
  abs,
  dispose,
  memory,
  mul,
  type Optimizer,
  randomNormal,
  type Scalar,
  type Tensor,
  tensor,
  tensor1d,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  type Criterion,
  computeMask,
  type Gathering,
  magnitude,
  needing,
  prune,
  pruningRounds,
  type ScoredWeight,
  type TrainingContext,
  weightedCrossentropy,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { withNeeds } from '../support/with-needs.js'

let xs: Tensor
const ys = Int32Array.from([0, 1, 1, 0, 1, 0, 0, 1])
let data: Samples
beforeAll(() => {
  xs = randomNormal([8, 4], 0, 1, 'float32', 8)
  data = imbalancedSamples(40)
})
afterAll(() => dispose([xs, data.xs]))

const taylor: Criterion = withNeeds(
  ({ final, gradient }: ScoredWeight) => abs(mul(final, gradient!)),
  {
    needs: ['gradient'] as const,
  },
)

describe('computeMask with a criterion that needs statistics', () => {
  it('computeMask gathers what a criterion needs, and leaves model and memory as they were', async () => {
    const model = smallModel()
    const before = weightBits(model)
    const mask = await computeMask(model, { density: 0.5, criterion: taylor, samples: { xs, ys } })
    const other = await computeMask(model, { density: 0.5 })
    expect(mask.weights.map(({ kept }) => kept)).toEqual([12, 6])
    expect(mask.weights).not.toEqual(other.weights)
    expect(weightBits(model)).toEqual(before)
    await expect(() =>
      computeMask(model, { density: 0.5, criterion: taylor, samples: { xs, ys } }),
    ).toLeaveNoTensors()
  })

  it('computeMask gathers with what the previous mask keeps, and with the weights before training on request', async () => {
    const model = smallModel()
    const seen: Record<string, number[][]> = { trained: [], initial: [] }
    const previous = await computeMask(model, { density: 0.5 })
    const initial = Object.fromEntries(
      Object.entries(
        await import('../../src/internal/weight-values.js').then(({ readWeights }) =>
          readWeights(model),
        ),
      ).map(([name, values]) => [name, (values as Float32Array).map((value) => 2 * value)]),
    )
    for (const at of ['trained', 'initial'] as const) {
      const looking: Criterion = withNeeds(
        ({ final, inputNorm, gradient }: ScoredWeight) => {
          seen[at]!.push([...inputNorm!.dataSync()], [...gradient!.dataSync()])
          return abs(final)
        },
        { needs: ['inputNorm', 'gradient'] as const, at },
      )
      const before = weightBits(model)
      await computeMask(model, {
        density: 0.25,
        criterion: looking,
        samples: { xs, ys },
        previous,
        initial,
      })
      expect(weightBits(model)).toEqual(before)
    }
    // The second layer's inputs tell which weights the first one had.
    const { applyMask } = await import('../../src/masks/apply-mask.js')
    applyMask(model, previous)
    const { statisticOf } = await import('./support.js')
    const trained = await statisticOf(model, 'inputNorm', {
      names: ['out/kernel'],
      samples: { xs, ys },
    })
    expect(seen.trained![2]).toEqual(trained['out/kernel']!.values)
    expect(seen.initial![2]).not.toEqual(seen.trained![2])
    expect(seen.initial![0]).toEqual(seen.trained![0])
  })

  it('computeMask restores the weights when a criterion fails in the middle', async () => {
    const model = smallModel()
    const before = [weightBits(model), memory().numTensors]
    const failing: Criterion = withNeeds(
      ({ name }) => {
        throw new Error(`enough of ${name}`)
      },
      { needs: ['gradient', 'flow', 'inputNorm'] as const, at: 'initial' as const },
    )
    await expect(
      computeMask(model, { density: 0.5, criterion: failing, samples: { xs, ys } }),
    ).rejects.toThrow('enough of ')
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })

  it('computeMask reaches the density in as many steps as the criterion wants, gathering anew in each', async () => {
    const model = smallModel()
    const densities: number[] = []
    const stepwise: Criterion = withNeeds(
      ({ name, mask, flow, final }: ScoredWeight) => {
        const values = [...mask.dataSync()]
        if (name === 'hidden/kernel')
          densities.push(values.filter((kept) => kept === 1).length / values.length)
        return mul(abs(final), flow!)
      },
      { needs: ['flow'] as const, steps: 4 },
    )
    const mask = await computeMask(model, { density: 1 / 16, criterion: stepwise })
    expect(densities).toEqual([1, 12 / 24, 6 / 24, 3 / 24])
    expect(mask.weights.map(({ kept }) => kept)).toEqual([2, 1])
  })

  it.each<[string, object, string | RegExp]>([
    [
      'no samples',
      { criterion: taylor },
      'RangeError: Cannot score: expected samples for the gradient of the criterion, got none',
    ],
    [
      'an unknown statistic',
      { criterion: withNeeds(() => abs(xs), { needs: ['hessian'] }) },
      /^RangeError: Cannot score: expected needs among gradient, .+, got hessian$/,
    ],
    [
      'samples of one class',
      {
        criterion: withNeeds(() => abs(xs), { needs: [{ statistic: 'gradient', class: 1 }] }),
        samples: { xs: () => xs, ys: [0, 0, 0, 0, 0, 0, 0, 0] },
      },
      'RangeError: Cannot gather statistics: expected samples of class 1 for its gradient, got none',
    ],
    [
      'a class that has no samples',
      {
        criterion: withNeeds(() => abs(xs), { needs: [{ statistic: 'gradient', class: 3 }] }),
        samples: { xs: () => xs, ys },
      },
      'RangeError: Cannot gather statistics: expected samples of class 3 for its gradient, got none',
    ],
    [
      'labels that are no class',
      { criterion: taylor, samples: { xs: () => xs, ys: [0, 1, 2, 0, 1, 0, 0, 0] } },
      /expected class indices below 2 as labels, got 2 for sample 2$/,
    ],
    [
      'an unknown option of samples',
      { criterion: taylor, samples: { xs: () => xs, ys, batch: 3 } },
      /^TypeError: Cannot gather statistics: expected options among xs, ys, loss, label, batchSize, got batch(: did you mean batchSize\?)?$/,
    ],
    [
      'movement without a training',
      { criterion: withNeeds(() => abs(xs), { needs: ['movement'] }) },
      /^RangeError: Cannot score hidden\/kernel: expected the movement of 24 weights in a training before, got none$/,
    ],
    [
      'steps below 1',
      { criterion: withNeeds(() => abs(xs), { steps: 0 }) },
      /^RangeError: Cannot score: expected a whole number of at least 1 as steps, got 0$/,
    ],
    [
      'another place',
      { criterion: withNeeds(() => abs(xs), { at: 'end' }) },
      /^RangeError: Cannot score: expected trained or initial as at, got end$/,
    ],
  ])('computeMask refuses %s', async (_what, options, message) => {
    const model = smallModel()
    const { samples } = options as { samples?: { xs: () => Tensor } }
    const given = samples ? { ...options, samples: { ...samples, xs: samples.xs() } } : options
    const before = [weightBits(model), memory().numTensors]
    const refusal = await lateRefusalOf(() =>
      computeMask(model, { density: 0.5, ...given } as never),
    )
    if (typeof message === 'string') expect(refusal).toBe(message)
    else expect(refusal).toMatch(message)
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })
})

describe('computeMask with a function that declares needs', () => {
  it('computeMask refuses a function whose needs nobody gathers, and names the remedy', async () => {
    const plain: Criterion = Object.assign(({ final }: ScoredWeight) => abs(final), {
      needs: ['gradient'] as const,
    })
    const options = { density: 0.5, criterion: plain, samples: { xs, ys } }
    expect(await lateRefusalOf(() => computeMask(smallModel(), options))).toBe(
      'TypeError: Cannot score: expected a criterion with needs to carry gather, as those of needing() do, got undefined',
    )
    expect(
      await lateRefusalOf(() => prune(smallNetwork(), { ...quickRun(data), criterion: plain })),
    ).toMatch(/needing\(\)/)
  })

  it('computeMask takes a function that carries needs and gather of another criterion', async () => {
    const { needs, gather } = needing(['gradient'], ({ gradient }) => gradient)
    const score = ({ final, gradient }: ScoredWeight) => abs(mul(final, gradient!))
    const byHand: Criterion = Object.assign(score, { needs: needs!, gather: gather! })
    const options = { density: 0.5, samples: { xs, ys } }
    const masks = await Promise.all(
      [byHand, taylor].map((criterion) => computeMask(smallModel(), { ...options, criterion })),
    )
    expect(masks[0]).toEqual(masks[1])
    expect(masks[0]).not.toEqual(await computeMask(smallModel(), { density: 0.5 }))
  })

  it('computeMask scores with the statistics that an own gather answers, and frees them', async () => {
    const asked: unknown[] = []
    const ramp = Float32Array.from({ length: 4 * 6 }, (_, i) => i)
    const criterion: Criterion = Object.assign(({ gradient }: ScoredWeight) => gradient!, {
      needs: ['gradient'] as const,
      gather: async (_: unknown, { weights, samples }: Gathering) => {
        asked.push(weights, samples)
        const values = tensor(ramp, [4, 6])
        return { of: () => ({ gradient: values }), dispose: () => values.dispose() }
      },
    })
    const select = { include: 'hidden/kernel' }
    const model = smallModel()
    const before = memory().numTensors
    const samples = { xs, ys }
    const mask = await computeMask(model, { density: 0.5, criterion, select, samples })
    expect(asked).toEqual([['hidden/kernel'], samples])
    expect([...mask.weights[0]!.values]).toEqual(Array.from(ramp, (i) => (i < 12 ? 0 : 1)))
    expect(memory().numTensors).toBe(before)
  })
})

/** A criterion of this need whose own function asks that of the library. */
const ownGather = (need: 'gradient' | 'movement', members: object = {}): Criterion => {
  const { gather } = needing([need], ({ final }) => final)
  const own = async (...args: Parameters<NonNullable<typeof gather>>) => gather!(...args)
  return Object.assign((weight: ScoredWeight) => mul(weight.final, weight[need]!), {
    needs: [need] as const,
    gather: Object.assign(own, members),
  })
}

describe('prune with a function of the caller that gathers', () => {
  const run = () => quickRun(data, { schedule: [1, 0.5] })

  it('prune scores with its answers, without samples checked or the criterion tried before', async () => {
    const signed: Criterion = withNeeds(
      ({ final, gradient }: ScoredWeight) => mul(final, gradient!),
      { needs: ['gradient'] as const },
    )
    const [own, stock] = await Promise.all(
      [ownGather('gradient'), signed].map(async (criterion) => {
        const { rounds } = await prune(smallNetwork(), { ...run(), criterion, samples: data })
        return rounds.map(({ mask }) => mask)
      }),
    )
    expect(own).toEqual(stock)
    expect(own![1]!.density).toBeCloseTo(0.5, 1)
    const without = { ...run(), criterion: ownGather('gradient') }
    expect(await lateRefusalOf(() => prune(smallNetwork(), without))).toMatch(
      /^RangeError: Cannot score: expected samples/,
    )
  })

  it('prune refuses one that needs movement and cannot sum it up, and takes one with the members of another', async () => {
    const without = { ...run(), criterion: ownGather('movement') }
    expect(await lateRefusalOf(() => prune(smallNetwork(), without))).toBe(
      'TypeError: Cannot score: expected a criterion with needs to carry gather.movement, as those of needing() do, got undefined',
    )
    const members = needing(['movement'], ({ movement }) => movement).gather!
    const criterion = ownGather('movement', members)
    const { rounds } = await prune(smallNetwork(), { ...run(), criterion })
    expect(rounds[1]!.mask.density).toBeCloseTo(0.5, 1)
  })
})

describe('prune with a criterion that needs statistics', () => {
  it('prune gathers them in each round and says so, and refuses a run without samples before any weight changes', async () => {
    const model = smallNetwork()
    const before = weightBits(model)
    const without = { ...quickRun(data, { schedule: [1, 0.5] }), criterion: taylor }
    expect(await lateRefusalOf(() => prune(model, without))).toMatch(
      /^RangeError: Cannot score: expected samples/,
    )
    expect(weightBits(model)).toEqual(before)
    const events: string[] = []
    const run = {
      ...quickRun(data, { schedule: [1, 0.5, 0.25] }),
      criterion: taylor,
      samples: { ...data, batchSize: 20 },
    }
    const { rounds } = await prune(model, {
      ...run,
      onProgress: (event) => {
        if (event.kind === 'statistics-gathered')
          events.push(`${event.round}: ${event.samples} of ${event.of}`)
      },
    })
    expect(rounds).toHaveLength(3)
    expect(events).toEqual(['1: 20 of 40', '1: 40 of 40', '2: 20 of 40', '2: 40 of 40'])
  })

  it('prune sums up the movement of a round in fit and in loops of the caller, masked weights included', async () => {
    // The first is that of the trial before the run.
    const seen: Record<string, number[]>[] = [{}]
    const moving: Criterion = withNeeds(
      ({ name, movement, final }: ScoredWeight) => {
        seen.at(-1)![name] = [...movement!.dataSync()]
        return abs(final)
      },
      { needs: ['movement'] as const },
    )
    const expected: Record<string, number[]>[] = []
    const loop = async ({ model, hold, checkpoint }: TrainingContext) => {
      const optimizer: Optimizer = hold(train.momentum(0.01, 0.9))
      const weights = model.trainableWeights.map((weight) => weight.read() as Variable)
      const kernels = weights.filter(({ rank }) => rank > 1)
      const sums = kernels.map(({ size }) => new Array<number>(size).fill(0))
      for (let step = 0; step < 3; step++) {
        const labels = tensor1d(data.ys)
        const cost = () =>
          weightedCrossentropy()(
            labels,
            model.apply(data.xs, { training: true }) as Tensor,
          ) as Scalar
        const { value, grads } = variableGrads(cost, weights)
        kernels.forEach((kernel, k) => {
          const [w, g] = [kernel.dataSync(), grads[kernel.name]!.dataSync()]
          w.forEach((value, i) => {
            sums[k]![i]! -= value * g[i]!
          })
        })
        optimizer.applyGradients(grads)
        dispose([labels, value, ...Object.values(grads)])
        await checkpoint({ step: step + 1 })
      }
      optimizer.dispose()
      expected.push(Object.fromEntries(sums.map((sum, k) => [k, sum])))
      seen.push({})
    }
    const model = smallNetwork()
    const before = memory().numTensors
    const run = { ...quickRun(data, { schedule: [1, 0.5, 0.25] }), criterion: moving, train: loop }
    const rounds = []
    for await (const round of pruningRounds(model, run)) rounds.push(round)
    expect(memory().numTensors).toBe(before)
    for (const round of [0, 1]) {
      const [own, wanted] = [Object.values(seen[round + 1]!), Object.values(expected[round]!)]
      expect(own).toHaveLength(wanted.length)
      own.forEach((values, k) => {
        for (const [i, value] of values.entries()) expect(value).toBeCloseTo(wanted[k]![i]!, 4)
      })
    }
    // The movement of a round is part of it: a run goes on from stored rounds.
    const resumed = []
    seen.push({})
    for await (const round of pruningRounds(model, {
      ...run,
      resume: structuredClone(rounds.slice(0, 2)),
    }))
      resumed.push(round)
    expect(resumed.map(({ mask }) => mask)).toEqual(rounds.slice(2).map(({ mask }) => mask))
    const fitted = await prune(smallNetwork(), {
      ...quickRun(data, { schedule: [1, 0.5] }),
      criterion: moving,
    })
    expect(fitted.rounds[0]).toHaveProperty('movement')
    const plain = await prune(smallNetwork(), {
      ...quickRun(data, { schedule: [1, 0.5] }),
      criterion: magnitude(),
    })
    expect(plain.rounds[0]).not.toHaveProperty('movement')
  })
})

describe('statistics of one model by two callers', () => {
  it('computeMask refuses to gather while another call does, which goes on', async () => {
    const model = smallModel()
    const options = { density: 0.5, criterion: taylor, samples: { xs, ys } }
    const first = computeMask(model, options)
    expect(await lateRefusalOf(() => computeMask(model, options))).toBe(
      `Error: Cannot gather statistics: expected the model ${model.name} to be free, got one that another run is at work on`,
    )
    expect((await first).kept).toBe(18)
    expect((await computeMask(model, options)).kept).toBe(18)
    model.dispose()
  })
})
