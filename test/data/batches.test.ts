import { tensor1d } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BatchSampler, shuffledBatches } from '../../src/data/shuffled-batches.js'
import { stratifiedBatches } from '../../src/data/stratified-batches.js'
import { refusalOf } from '../support/refusal-of.js'

const batchesOf = (sampler: BatchSampler, epoch = 0) =>
  [...sampler(epoch)].map((batch) => [...batch])
const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i)

/** Labels of two to four classes, and a batch size that holds one of each. */
const labelled = fc
  .array(fc.constantFrom(0, 0, 0, 1, 2, 7), { minLength: 1, maxLength: 60 })
  .chain((labels) =>
    fc.record({
      labels: fc.constant(labels),
      batchSize: fc.integer({ min: new Set(labels).size, max: 20 }),
      seed: fc.nat(50),
      epoch: fc.nat(20),
    }),
  )

test('shuffledBatches deals out every sample once an epoch, in full batches but the last', () => {
  const options = fc.record({
    sampleCount: fc.integer({ min: 1, max: 100 }),
    batchSize: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(50),
  })
  fc.assert(
    fc.property(options, fc.nat(20), ({ sampleCount, batchSize, seed }, epoch) => {
      const batches = batchesOf(shuffledBatches({ sampleCount, batchSize, seed }), epoch)
      expect(ascending(batches.flat())).toEqual(upTo(sampleCount))
      expect(batches).toHaveLength(Math.ceil(sampleCount / batchSize))
      for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(batchSize)
    }),
  )
})

test('stratifiedBatches puts every class in each batch and every sample in an epoch', () => {
  fc.assert(
    fc.property(labelled, ({ labels, epoch, ...options }) => {
      const classes = new Set(labels)
      const batches = batchesOf(stratifiedBatches({ labels, ...options }), epoch)
      for (const batch of batches) expect(new Set(batch.map((i) => labels[i]))).toEqual(classes)
      expect(ascending([...new Set(batches.flat())])).toEqual(upTo(labels.length))
    }),
  )
})

test('stratifiedBatches never overfills a batch, and repeats only classes with fewer samples than batches', () => {
  fc.assert(
    fc.property(labelled, ({ labels, epoch, ...options }) => {
      const batches = batchesOf(stratifiedBatches({ labels, ...options }), epoch)
      const sizes = batches.map(({ length }) => length)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(options.batchSize)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      for (const label of new Set(labels)) {
        const members = labels.filter((other) => other === label).length
        const drawn = batches.flat().filter((i) => labels[i] === label).length
        expect(drawn).toBe(Math.max(members, batches.length))
      }
    }),
  )
})

test('stratifiedBatches has ceil(n / batchSize) batches when no class is repeated', () => {
  const labels = upTo(100).map((i) => Number(i < 20))
  expect(
    batchesOf(stratifiedBatches({ labels, batchSize: 10 })).map(({ length }) => length),
  ).toEqual(new Array(10).fill(10))
  expect(batchesOf(stratifiedBatches({ labels, batchSize: 9 }))).toHaveLength(12)
  expect(batchesOf(stratifiedBatches({ labels }))).toHaveLength(4)
})

test('stratifiedBatches gives each batch the proportions of the data', () => {
  const labels = Uint8Array.from({ length: 320 }, (_, i) => Number(i % 5 === 0))
  for (const batch of batchesOf(stratifiedBatches({ labels, batchSize: 32, seed: 3 }))) {
    expect(Math.abs(batch.filter((i) => labels[i] === 1).length - 6.4)).toBeLessThan(1)
  }
})

test('stratifiedBatches repeats one rare sample in every batch', () => {
  const labels = upTo(99).map((i) => Number(i === 42))
  const batches = batchesOf(stratifiedBatches({ labels, batchSize: 2 }))
  expect(batches).toHaveLength(98)
  expect(batches.every((batch) => batch.includes(42))).toBe(true)
})

const labels = upTo(64).map((i) => i % 3)
const samplers: Record<string, (seed?: number) => BatchSampler> = {
  shuffledBatches: (seed = 0) => shuffledBatches({ sampleCount: 64, batchSize: 8, seed }),
  stratifiedBatches: (seed = 0) => stratifiedBatches({ labels, batchSize: 8, seed }),
}

test.each(Object.keys(samplers))(
  '%s gives the same epoch again, in any order of epochs',
  (name) => {
    const make = samplers[name]!
    const sampler = make(5)
    const first = [0, 1, 2].map((epoch) => batchesOf(sampler, epoch))
    expect([2, 0, 1].map((epoch) => batchesOf(sampler, epoch))).toEqual([
      first[2],
      first[0],
      first[1],
    ])
    expect([0, 1, 2].map((epoch) => batchesOf(make(5), epoch))).toEqual(first)
  },
)

test.each(Object.keys(samplers))(
  '%s gives other batches in another epoch and with another seed',
  (name) => {
    const make = samplers[name]!
    const orders = [
      batchesOf(make()),
      batchesOf(make(), 1),
      batchesOf(make(), 2),
      batchesOf(make(1)),
      batchesOf(make(2)),
    ]
    expect(new Set(orders.map((batches) => batches.join())).size).toBe(5)
    expect(batchesOf(samplers[name]!())).toEqual(batchesOf(make(0)))
  },
)

test.each(Object.keys(samplers))('%s hands out arrays that are free to change', (name) => {
  const sampler = samplers[name]!()
  const before = batchesOf(sampler)
  for (const batch of sampler(0)) batch.fill(-1)
  expect(batchesOf(sampler)).toEqual(before)
})

test('shuffledBatches puts each sample in each place about equally often', () => {
  const places = new Array<number>(6).fill(0)
  const sampler = shuffledBatches({ sampleCount: 6, batchSize: 6 })
  for (let epoch = 0; epoch < 1200; epoch++) places[batchesOf(sampler, epoch)[0]!.indexOf(0)]!++
  expect(Math.min(...places)).toBeGreaterThan(150) // 200 expected, standard deviation 12.9
  expect(Math.max(...places)).toBeLessThan(250)
})

const refusal = 'Cannot draw batches: expected '
const count = 'to be a whole number of at least 1'

test.each<[() => BatchSampler, string]>([
  [() => shuffledBatches({ sampleCount: 0 }), `RangeError: ${refusal}sampleCount ${count}, got 0`],
  [
    () => shuffledBatches({ sampleCount: 2.5 }),
    `RangeError: ${refusal}sampleCount ${count}, got 2.5`,
  ],
  [
    () => shuffledBatches({ sampleCount: 5, batchSize: 0 }),
    `RangeError: ${refusal}batchSize ${count}, got 0`,
  ],
  [
    () => shuffledBatches({ sampleCount: 5, batchSize: Number.NaN }),
    `RangeError: ${refusal}batchSize ${count}, got NaN`,
  ],
  [
    () => shuffledBatches({ sampleCount: 5, seed: 0.5 }),
    `RangeError: ${refusal}a whole number as seed, got 0.5`,
  ],
  [() => stratifiedBatches({ labels: [] }), `RangeError: ${refusal}at least one label, got none`],
  [
    () => stratifiedBatches({ labels: { dataId: {} } as never }),
    `TypeError: ${refusal}the class of each sample as labels, got object`,
  ],
  [
    () => stratifiedBatches({ labels: tensor1d([0, 1]) as never }),
    `TypeError: ${refusal}the class of each sample as labels, got a tensor: give what its data() settles to`,
  ],
  [
    () => stratifiedBatches({ labels: [[0, 1]] as never }),
    `TypeError: ${refusal}label 0 to be a class index, got 0,1`,
  ],
  [
    () => stratifiedBatches({ labels: [0, Number.NaN] }),
    `RangeError: ${refusal}label 1 to be a class index, got NaN`,
  ],
  [
    () => stratifiedBatches({ labels: [0, 1], batchSize: -1 }),
    `RangeError: ${refusal}batchSize ${count}, got -1`,
  ],
  [
    () => stratifiedBatches({ labels: [0, 1, 2], batchSize: 2 }),
    `RangeError: ${refusal}a batchSize of at least 3 classes, got 2`,
  ],
  [
    () => stratifiedBatches({ labels: [0, 1], seed: '1' as never }),
    `TypeError: ${refusal}a number as seed, got string`,
  ],
])('batches are refused with a message that names the number %#', (make, message) => {
  expect(refusalOf(make)).toBe(message)
})
