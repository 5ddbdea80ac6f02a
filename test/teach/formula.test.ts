import { dispose, type Tensor, train } from '@tensorflow/tfjs-core'
import {
  denseTeacher,
  fit,
  type Loss,
  prune,
  type TeacherOptions,
  weightedCrossentropy,
} from 'tfjs-prune'
import { perLabel } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { unpackWeights } from '../../src/rounds/packed-weights.js'
import { crossentropy, datasetOf, kl, logitsBy, meanOf, network, samplesOf } from './support.js'

interface Case {
  readonly title: string
  readonly units: number
  readonly activation: 'linear' | 'sigmoid' | 'softmax'
  readonly loss: Loss
  readonly ys: readonly number[] | readonly (readonly number[])[]
  readonly teach?: TeacherOptions
  /** The choices of a sample: logits of its classes, from those of its outputs. */
  readonly choices?: (z: readonly number[]) => number[][]
}

const plain = weightedCrossentropy()
const binary = [0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1]
const three = [0, 1, 2, 0, 2, 1, 0, 0, 2, 1, 0, 1]
const several = binary.map((label, i) => [label, three[i]! > 0 ? 1 : 0, Number(i % 3 === 0)])
const zeroAnd = (z: readonly number[]) => z.map((one) => [0, one])

const cases: readonly Case[] = [
  { title: 'two logits', units: 2, activation: 'linear', loss: plain, ys: binary },
  { title: 'three logits', units: 3, activation: 'linear', loss: plain, ys: three },
  { title: 'a softmax', units: 3, activation: 'softmax', loss: plain, ys: three },
  { title: 'one logit', units: 1, activation: 'linear', loss: plain, ys: binary, choices: zeroAnd },
  {
    title: 'one sigmoid',
    units: 1,
    activation: 'sigmoid',
    loss: plain,
    ys: binary,
    choices: zeroAnd,
  },
  {
    title: 'several sigmoids',
    units: 3,
    activation: 'sigmoid',
    loss: perLabel(plain),
    ys: several,
    choices: zeroAnd,
  },
  {
    title: 'several logits',
    units: 3,
    activation: 'linear',
    loss: perLabel(plain),
    ys: several,
    choices: zeroAnd,
  },
  {
    title: 'a weight of 0.3 and a temperature of 2',
    units: 2,
    activation: 'linear',
    loss: plain,
    ys: binary,
    teach: { weight: 0.3, temperature: 2 },
  },
  {
    title: 'the teacher alone',
    units: 2,
    activation: 'linear',
    loss: plain,
    ys: binary,
    teach: { weight: 1, temperature: 1 },
  },
]

/** The blended loss in float64 of networks with these weights. */
function lossBy({ ys, choices = (z) => [[...z]], teach = {} }: Case, t: number[][], z: number[][]) {
  const { weight = 0.5, temperature = 4 } = teach
  const own = z.flatMap((row, i) =>
    choices(row).map((choice, l) => {
      const label = ys[i]!
      return crossentropy(choice, typeof label === 'number' ? label : label[l]!)
    }),
  )
  const far = z.flatMap((row, i) =>
    choices(row).map((choice, l) => kl(choices(t[i]!)[l]!, choice, temperature)),
  )
  return (1 - weight) * meanOf(own) + weight * temperature ** 2 * meanOf(far)
}

describe.each(['arrays', 'a dataset'])('teach with %s', (form) => {
  test.each(cases)('teach is the formula, in value and gradient: $title', async (one) => {
    const { units, activation, loss, ys, teach } = one
    const model = network(units, activation)
    const arrays = samplesOf(ys)
    const data = form === 'arrays' ? arrays : datasetOf(arrays, 12)
    let round = 0
    const options = { epochs: 1, loss, ...(form === 'arrays' && { batchSize: 12 }) }
    const { rounds } = await prune(model, {
      // Round 0 takes a large step, so that it differs from W0; round 1 one of size 1.
      train: fit(data, { ...options, optimizer: () => train.sgd(round++ === 0 ? 2 : 1) }),
      evaluate: () => ({ nothing: 0 }),
      schedule: [1, 0.5],
      teach: denseTeacher(teach),
    })
    const [dense, sparse] = rounds
    const t = logitsBy(dense!.trained, units)
    const { mask, initial, trained } = sparse!
    const kept = Object.fromEntries(mask.weights.map(({ name, values }) => [name, values]))
    const ticket = Object.fromEntries(
      Object.entries(initial).map(([name, values]) => [
        name,
        Array.from(values, (value, i) => (kept[name]?.[i] === 0 ? 0 : value)),
      ]),
    )
    const value = lossBy(one, t, logitsBy(ticket, units))
    expect(sparse!.trainingLoss).toBeCloseTo(value, 5)
    const after = unpackWeights(trained, mask)
    for (const [name, values] of Object.entries(ticket))
      values.forEach((before, i) => {
        if (kept[name]?.[i] === 0) {
          expect(after[name]![i]).toBe(0)
          return
        }
        const at = (to: number) =>
          lossBy(one, t, logitsBy({ ...ticket, [name]: values.with(i, to) }, units))
        const slope = (at(before + 1e-4) - at(before - 1e-4)) / 2e-4
        expect(before - after[name]![i]!).toBeCloseTo(slope, 4)
      })
    dispose([arrays.xs as Tensor, arrays.ys as Tensor])
    model.dispose()
  })
})
