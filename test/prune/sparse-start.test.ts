import { memory } from '@tensorflow/tfjs-core'
import {
  applyTicket,
  computeMask,
  denseMask,
  magnitude,
  maskOfZeros,
  prune,
  pruneWeights,
  pruningRounds,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { countRevived } from '../support/weights.js'
import { imbalancedSamples, quickRun, smallNetwork, weightBits } from './support.js'

/** A network of which a quarter of the kernels is left: 18 + 24 + 4 of 184 elements. */
async function sparseNetwork() {
  const model = smallNetwork()
  return { model, mask: await pruneWeights(model, { density: 0.25 }) }
}

test('maskOfZeros reads the mask that a model was pruned with', async () => {
  const { model, mask } = await sparseNetwork()
  const before = memory().numTensors
  expect(await maskOfZeros(model)).toEqual(mask)
  expect((await maskOfZeros(model, { include: 'out' })).weights.map(({ name }) => name)).toEqual([
    'out/kernel',
  ])
  expect(memory().numTensors).toBe(before)
  model.dispose()
})

test('prune keeps the zeros of a sparse model to the end', async () => {
  const [data, { model, mask }] = [imbalancedSamples(24), await sparseNetwork()]
  const previous = await maskOfZeros(model)
  const run = quickRun(data, { previous, schedule: [1, 0.2, 0.1], criterion: magnitude() })
  const { rounds } = await prune(model, run)
  expect(rounds.map(({ mask: { kept } }) => kept)).toEqual([46, 14 + 19 + 3, 7 + 10 + 2])
  expect(rounds[0]!.density).toBe(0.25)
  for (const round of rounds) {
    round.mask.weights.forEach(({ values }, i) => {
      expect(values.every((kept, at) => kept <= mask.weights[i]!.values[at]!)).toBe(true)
    })
  }
  expect(countRevived(model, rounds[2]!.mask)).toBe(0)
  data.xs.dispose()
  model.dispose()
})

test('prune refuses a sparse model without a mask, and trains it densely on request', async () => {
  const [data, { model }] = [imbalancedSamples(24), await sparseNetwork()]
  expect(await lateRefusalOf(() => prune(model, quickRun(data)))).toBe(
    'RangeError: Cannot prune: expected previous for a sparse model, got none: 138 of 184 elements are 0. ' +
      'await maskOfZeros(model) keeps them at 0, denseMask(model) lets them grow. Where an earlier run ' +
      'has pruned it, build it anew for another run, or give it W0 by applyTicket(model, rounds[0]).',
  )
  const run = quickRun(data, { previous: denseMask(model), schedule: [1, 0.5] })
  expect((await prune(model, run)).rounds.map(({ mask: { kept } }) => kept)).toEqual([184, 92])
  data.xs.dispose()
  model.dispose()
})

test.each([
  ['a tenth of the network', { include: 'hidden' }, 0.74, /got none: 19 of 184 elements are 0/],
  [
    'half of one weight',
    { include: 'out' },
    0.5,
    /got none: 8 of 16 elements of out\/kernel are 0/,
  ],
])('prune refuses %s of zeros', async (_, select, density, message) => {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  await pruneWeights(model, { density, select })
  expect(await lateRefusalOf(() => prune(model, quickRun(data)))).toMatch(message)
  data.xs.dispose()
  model.dispose()
})

test('prune takes a model with fewer zeros, as rounding leaves them', async () => {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  await pruneWeights(model, { density: 0.76, select: { include: 'hidden' } })
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5] }))
  expect(rounds.map(({ mask: { kept } }) => kept)).toEqual([184, 92])
  data.xs.dispose()
  model.dispose()
})

test('prune refuses to resume rounds that began with another mask than previous', async () => {
  const [data, { model, mask }] = [imbalancedSamples(24), await sparseNetwork()]
  const options = quickRun(data, { schedule: [1, 0.2], criterion: magnitude() })
  const { rounds } = await prune(model, { ...options, previous: mask, schedule: [1] })
  const resume = structuredClone(rounds)
  for (const previous of [denseMask(model), await computeMask(model, { density: 0.2 })])
    expect(await lateRefusalOf(() => prune(model, { ...options, previous, resume }))).toMatch(
      /^RangeError: Cannot resume: expected previous to be the mask that the finished rounds began/,
    )
  const weights = [...mask.weights].reverse()
  for (const previous of [{ ...mask, weights }, undefined]) {
    const given = { ...options, resume, ...(previous && { previous }) }
    expect((await prune(model, given)).rounds.map(({ mask: { kept } }) => kept)).toEqual([46, 36])
  }
  data.xs.dispose()
  model.dispose()
})

test('prune refuses a mask of other weights as previous', async () => {
  const [data, { model }] = [imbalancedSamples(24), await sparseNetwork()]
  const previous = await computeMask(model, { density: 0.5, select: { include: 'out' } })
  expect(await lateRefusalOf(() => prune(model, quickRun(data, { previous })))).toBe(
    'RangeError: Cannot prune hidden/kernel: expected the previous mask to hold it, got a mask without it',
  )
  data.xs.dispose()
  model.dispose()
})

test('prune says how to prune a model of an earlier run anew, and the way that it names works', async () => {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  const own = weightBits(model)
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5] }))
  expect(await lateRefusalOf(() => prune(model, quickRun(data)))).toContain(
    'Where an earlier run has pruned it, build it anew for another run',
  )
  applyTicket(model, rounds[0]!)
  expect(weightBits(model)).toEqual(own)
  const again = await prune(model, quickRun(data, { schedule: [1, 0.5] }))
  expect(again.rounds.map(({ trained }) => trained)).toEqual(rounds.map(({ trained }) => trained))
  expect(again.reason).not.toContain('an earlier run')
  data.xs.dispose()
  model.dispose()
})

test('prune tells that W0 are the weights that an earlier run has trained', async () => {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  const dense = quickRun(data, { schedule: [1] })
  const words = /; W0 are the weights that an earlier run has trained: build the model anew/
  const { reason, rounds } = await prune(model, dense)
  expect(reason).not.toMatch(words)
  expect((await prune(model, dense)).reason).toMatch(words)
  expect((await prune(model, { ...dense, resume: rounds })).reason).not.toMatch(words)
  for await (const _ of pruningRounds(model, { ...dense, dense: rounds[0]! })) break
  expect((await prune(model, dense)).reason).toMatch(words)
  applyTicket(model, rounds[0]!)
  expect((await prune(model, dense)).reason).not.toMatch(words)
  data.xs.dispose()
  model.dispose()
})
