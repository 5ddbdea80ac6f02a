import { layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { erdosRenyiKernel } from '../../src/allocate/erdos-renyi-kernel.js'
import { globally } from '../../src/allocate/globally.js'
import { inGroups } from '../../src/allocate/in-groups.js'
import { lamp } from '../../src/allocate/lamp.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { proportional } from '../../src/allocate/proportional.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { blocks } from '../../src/granularity/blocks.js'
import { channels } from '../../src/granularity/channels.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import type { Mask } from '../../src/masks/mask.js'
import { resolveModel } from '../../src/select/resolve-model.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { pruneWeights } from '../../src/step/prune-weights.js'
import type { Allocator } from '../../src/types.js'
import { modelPlans, withModel } from '../support/random-models.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { countAlive, fillWeights } from '../support/weights.js'

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
const countsOf = ({ weights }: Mask) => weights.map(({ kept }) => kept)

/** Dense 6-10, 10-20, 20-8 and 8-2: 60 + 200 + 160 + 16 elements, 76 of them at the ends. */
function network() {
  const dense = (name: string, size: number, given = {}) =>
    layers.dense({ name, units: size, ...given })
  const all = [dense('a', 10, { inputShape: [6] }), dense('b', 20), dense('c', 8), dense('d', 2)]
  return fillWeights(sequential({ layers: all }), 3)
}

const constant: Allocator = (weights) => weights.map(({ minimumKept }) => minimumKept)
const allocators: Record<string, () => Allocator> = {
  perLayer,
  globally,
  lamp,
  erdosRenyiKernel,
  proportional: () => proportional(({ size }) => Math.log(1 + size)),
  inGroups: () => inGroups([{ include: () => true, allocate: perLayer() }]),
  'one of the caller': () => constant,
}

const LEVELS = [1, 0.9, 0.5, 0.3, 0.25, 0.125, 0.0625, 0.0312]

test.each(Object.entries(allocators))(
  'computeMask keeps exactly round(size * density) of any model beside its ends at every level, with %s',
  async (_, allocate) => {
    let pruned = 0
    await fc.assert(
      fc.asyncProperty(modelPlans, fc.boolean(), (plan, biases) =>
        withModel(plan, async (model) => {
          const select = { biases }
          const { spared, prunable } = resolveModel(model, select, true)
          const total = sum(prunable.map(({ size }) => size))
          const least = sum(prunable.map(({ minimumKept }) => minimumKept))
          let previous: Mask | undefined
          for (const density of LEVELS) {
            const options = { density, allocate: allocate(), select, spareEnds: true }
            const run = () => computeMask(model, { ...options, ...(previous && { previous }) })
            if (spared.length > 0 && Math.round(total * density) < least) {
              expect(await lateRefusalOf(run)).toMatch(
                /^RangeError: Cannot spare the ends: .*, got /,
              )
              return
            }
            const mask = await run()
            const ends = mask.weights.filter(({ name }) => spared.includes(name))
            expect(ends.every(({ kept, values }) => kept === values.length)).toBe(true)
            if (spared.length > 0) expect(mask.kept).toBe(Math.round(total * density))
            expect(sum(mask.weights.map(({ values }) => sum([...values])))).toBe(mask.kept)
            previous?.weights.forEach(({ values }, i) => {
              expect(mask.weights[i]!.values.every((kept, k) => kept <= values[k]!)).toBe(true)
            })
            if (ends.length > 0 && density < 1) pruned++
            previous = mask
          }
        }),
      ),
      { numRuns: 30 },
    )
    expect(pruned).toBeGreaterThan(10)
  },
)

test('computeMask shares what the ends leave per layer', async () => {
  const model = network()
  // 109 of 436 stay: 76 at the ends, 33 of the other 360.
  const mask = await computeMask(model, { density: 0.25, spareEnds: true })
  expect([countsOf(mask), mask.kept]).toEqual([[60, 18, 15, 16], 109])
  const plain = await computeMask(model, { density: 0.25 })
  expect(countsOf(plain)).toEqual([15, 50, 40, 4])
  model.dispose()
})

test('computeMask obeys limits beside the ends, the sum exact', async () => {
  const model = network()
  const limits = [
    { include: 'c', minimumKept: 25 },
    { include: 'd', maximumKept: 10 },
  ]
  const options = { density: 0.25, select: { limits }, spareEnds: true }
  const mask = await computeMask(model, options)
  expect([countsOf(mask), mask.kept]).toEqual([[60, 14, 25, 10], 109])
  model.dispose()
})

test('pruneWeights leaves the ends whole', async () => {
  const model = network()
  const mask = await pruneWeights(model, { density: 0.25, allocate: lamp(), spareEnds: true })
  expect([countsOf(mask)[0], countsOf(mask)[3], countAlive(model, mask)]).toEqual([60, 16, 109])
  model.dispose()
})

test('computeMask counts as without the option where no end is selected', async () => {
  const model = network()
  const options = { density: 0.25, select: { exclude: ['a', 'd'] } }
  const [spared, plain] = [
    await computeMask(model, { ...options, spareEnds: true }),
    await computeMask(model, options),
  ]
  expect(spared).toEqual(plain)
  model.dispose()
})

test('computeMask leaves what the mask before left of an end', async () => {
  const model = network()
  const previous = await computeMask(model, { density: 0.5 })
  const mask = await computeMask(model, { density: 0.25, previous, spareEnds: true })
  expect([countsOf(previous), countsOf(mask)]).toEqual([
    [30, 100, 80, 8],
    [30, 39, 32, 8],
  ])
  model.dispose()
})

test('computeMask counts groups where there are some', async () => {
  const model = network()
  const counts = async (
    density: number,
    granularity: NonNullable<Parameters<typeof units>[0]> | 'channels' | 'blocks',
  ) => {
    const grains =
      granularity === 'channels' ? channels() : granularity === 'blocks' ? blocks([2, 2]) : units()
    return computeMask(model, { density, granularity: grains, spareEnds: true })
  }
  // 10 + 20 + 8 + 2 units: 20 stay, 12 of them at the ends.
  expect(countsOf(await counts(0.5, {}))).toEqual([60, 6 * 10, 2 * 20, 16])
  // 6 + 10 + 20 + 8 inputs: 22 stay, 14 at the ends.
  expect(countsOf(await counts(0.5, 'channels'))).toEqual([60, 3 * 20, 5 * 8, 16])
  // 15 + 50 + 40 + 4 blocks: 55 stay, 19 at the ends.
  expect(countsOf(await counts(0.5, 'blocks'))).toEqual([60, 20 * 4, 16 * 4, 16])
  model.dispose()
})

test.each([
  [
    { density: 0.125 },
    'expected a density of at least 0.179, got 0.125: a/kernel, d/kernel and the least of the others take 78 of 436. schedule: [1, 0.5, 0.25] ends above it, and spareEnds: false with allocate: lamp() spares none.',
  ],
  [
    { density: 0.2, select: { limits: [{ include: /[bc]/, minimumKept: 50 }] } },
    'expected a density of at least 0.404, got 0.2: a/kernel, d/kernel and the least of the others take 176 of 436. schedule: [1, 0.5] ends above it, and spareEnds: false with allocate: lamp() spares none.',
  ],
  [
    { density: 0.9, select: { include: ['a', 'd'] } },
    'expected a density of at least 1, got 0.9: a/kernel, d/kernel and the least of the others take 76 of 76. spareEnds: false with allocate: lamp() spares none.',
  ],
  [
    { density: 0.3, granularity: units() },
    'expected a density of at least 0.35, got 0.3: a/kernel, d/kernel and the least of the others take 14 of 40. schedule: [1, 0.5] ends above it, and spareEnds: false with allocate: lamp() spares none.',
  ],
  [
    { density: 0.5, granularity: nOfM({ of: 2 }) },
    'expected no cells, which all keep one share, got cells of 2',
  ],
])('computeMask refuses ends for which there is no room: %#', async (options, words) => {
  const model = network()
  const run = () => computeMask(model, { ...options, spareEnds: true })
  expect(await lateRefusalOf(run)).toBe(`RangeError: Cannot spare the ends: ${words}`)
  model.dispose()
})

test('computeMask keeps the least density that it names', async () => {
  const model = network()
  for (const minimumKept of [1, 2, 3, 10, 17, 33, 77]) {
    const select = { limits: [{ include: /[bc]/, minimumKept }] }
    const refusal = await lateRefusalOf(() =>
      computeMask(model, { density: 0.01, select, spareEnds: true }),
    )
    const density = Number(/at least ([\d.]+)/.exec(refusal)![1])
    const mask = await computeMask(model, { density, select, spareEnds: true })
    expect(mask.kept).toBe(Math.round(436 * density))
  }
  model.dispose()
})

test('computeMask refuses spareEnds that is no flag', async () => {
  const model = network()
  const spareEnds = 'yes' as unknown as boolean
  expect(await lateRefusalOf(() => computeMask(model, { density: 0.5, spareEnds }))).toBe(
    'TypeError: Cannot prune: expected spareEnds to be true or false, got "yes"',
  )
  model.dispose()
})

test('computeMask takes the criterion that the allocator names, unless one is given', async () => {
  const model = network()
  const asked: string[] = []
  const named = Object.assign(perLayer(), {
    criterion: (weight: Parameters<ReturnType<typeof magnitude>>[0]) => {
      asked.push(weight.name)
      return magnitude()(weight)
    },
  })
  await computeMask(model, { density: 0.5, allocate: named })
  expect(asked.length).toBe(4)
  const grouped = inGroups([{ include: ['b', 'c'], allocate: named }])
  await computeMask(model, { density: 0.5, allocate: grouped })
  expect(asked.length).toBe(8)
  await computeMask(model, { density: 0.5, allocate: grouped, criterion: magnitude() })
  expect(asked.length).toBe(8)
  model.dispose()
})
