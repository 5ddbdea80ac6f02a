import { layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Allocator,
  type Criterion,
  computeMask,
  type Granularity,
  globally,
  gradualPruner,
  inGroups,
  magnitude,
  maximumOf,
  normalised,
  perLayer,
  protecting,
  units,
  weightedSum,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { denseMask } from '../../src/masks/dense-mask.js'

const smallModel = () =>
  sequential({ layers: [layers.dense({ name: 'hidden', units: 4, inputShape: [3] })] })

const uncalled = magnitude as unknown as Criterion
const uncalledAllocator = globally as unknown as Allocator
const mask = () => denseMask(smallModel())

const criteria: [string, () => Criterion, string][] = [
  ['weightedSum', () => weightedSum([{ criterion: uncalled, weight: 1 }]), 'make weightedSum'],
  ['maximumOf', () => maximumOf(magnitude(), uncalled), 'make maximumOf'],
  ['normalised', () => normalised(uncalled, 'mean'), 'make normalised'],
  ['protecting', () => protecting(uncalled, mask()), 'make protecting'],
]
test.each(criteria)('%s tells a criterion that was not called', async (_, make, task) => {
  const message = `Cannot ${task}: expected criterion to be a criterion, got a factory: magnitude is a function that makes a criterion: call it, magnitude()`
  await expect(computeMask(smallModel(), { density: 0.5, criterion: make() })).rejects.toThrow(
    new TypeError(message),
  )
})

test('inGroups tells an allocator that was not called', async () => {
  const message =
    'Cannot share out the density in groups: expected allocate to be an allocator, got a factory: globally is a function that makes an allocator: call it, globally()'
  for (const allocate of [
    inGroups([{ include: 'hidden', allocate: uncalledAllocator }]),
    inGroups([], uncalledAllocator),
  ])
    await expect(computeMask(smallModel(), { density: 0.5, allocate })).rejects.toThrow(
      new TypeError(message),
    )
})

const pieces: [string, object, string, string][] = [
  ['criterion', { criterion: uncalled }, 'a criterion', 'magnitude'],
  ['allocate', { allocate: perLayer as unknown as Allocator }, 'an allocator', 'perLayer'],
  ['granularity', { granularity: units as unknown as Granularity }, 'a granularity', 'units'],
]
test.each(pieces)('gradualPruner and computeMask tell %s, which was not called', async (...row) => {
  const [name, option, kind, factory] = row
  const message = `Cannot prune: expected ${name} to be ${kind}, got a factory: ${factory} is a function that makes ${kind}: call it, ${factory}()`
  const wrong = new TypeError(message)
  await expect(computeMask(smallModel(), { density: 0.5, ...option })).rejects.toThrow(wrong)
  const gradual = { density: 0.5, end: 4, every: 2, ...option }
  await expect(gradualPruner(smallModel(), gradual)).rejects.toThrow(wrong)
})
