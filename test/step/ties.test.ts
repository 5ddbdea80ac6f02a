import { abs, mul, ones, zeros } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Criterion,
  computeMask,
  globally,
  initialFinal,
  magnitude,
  magnitudeIncrease,
  movement,
  nOfM,
  type PruneOptions,
  prune,
  random,
  weightedSum,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights, weightsByName } from '../support/weights.js'

/** A frozen trunk 4-8 and a free head 8-2, of seeded weights. */
function frozenModel(): LayersModel {
  const trunk = layers.dense({ name: 'trunk', units: 8, inputShape: [4], trainable: false })
  return fillWeights(sequential({ layers: [trunk, layers.dense({ name: 'head', units: 2 })] }))
}

const equal = (name: string, score = 0) =>
  `RangeError: Cannot prune ${name}: expected scores that differ, got ${score} for all of it. ` +
  'Take a criterion that tells them apart, such as magnitude(), or leave it out by select.exclude.'

const frozenRun = (criterion: Criterion, rounds: number[] = []): PruneOptions => ({
  criterion,
  select: { frozen: true },
  schedule: [1, 0.5],
  train: ({ round, model }) => {
    rounds.push(round)
    const head = model.getLayer('head')
    head.setWeights(head.getWeights().map((values) => mul(values, 2)))
  },
  evaluate: () => ({
    confusion: { truePositives: 1, falseNegatives: 0, falsePositives: 0, trueNegatives: 1 },
    ...{ falseNegativeRate: 0, falsePositiveRate: 0, accuracy: 1, auc: 1, loss: 0 },
  }),
})

test.each<[string, Criterion]>([
  ['magnitudeIncrease', magnitudeIncrease()],
  ['movement', movement()],
  ['largeMovement', initialFinal({ rule: 'largeMovement' })],
  ['a sum of changes', weightedSum([{ criterion: magnitudeIncrease(), weight: 2 }])],
])('prune refuses to prune a frozen weight by %s, before it trains', async (_name, criterion) => {
  const rounds: number[] = []
  const run = frozenRun(criterion, rounds)
  expect(await lateRefusalOf(() => prune(frozenModel(), run))).toBe(
    equal('the frozen trunk/kernel'),
  )
  expect(rounds).toEqual([])
})

test('prune prunes a frozen weight by magnitude: the largest half stays', async () => {
  const model = frozenModel()
  const before = weightsByName(model)['trunk/kernel']!
  await prune(model, frozenRun(magnitude()))
  const middle = [...before.map(Math.abs)].sort((a, b) => b - a)[15]!
  const expected = before.map((value) => (Math.abs(value) >= middle ? value : 0))
  expect(weightsByName(model)['trunk/kernel']).toEqual(expected)
})

test('prune tells the density over all where a frozen trunk is left whole', async () => {
  const { select: _, ...run } = frozenRun(magnitude())
  const { reason, kept } = await prune(frozenModel(), run)
  // 8 of the head's 16 elements of 58 parameters are gone.
  expect(kept?.densityOverAll).toBe(50 / 58)
  expect(reason).toBe('round 1 is the last; frozen layers are whole: density over all 0.862')
})

test.each([{}, { granularity: nOfM({ of: 4 }) }])(
  'computeMask refuses equal scores of a whole weight, with %o',
  async (options) => {
    const criterion: Criterion = ({ name, final }) =>
      name === 'head/kernel' ? ones(final.shape) : final
    const select = { frozen: true }
    const run = () => computeMask(frozenModel(), { density: 0.5, criterion, select, ...options })
    expect(await lateRefusalOf(run)).toBe(equal('head/kernel', 1))
  },
)

test('computeMask refuses equal scores among the elements that are left', async () => {
  const criterion: Criterion = ({ mask }) => mask
  const model = frozenModel()
  const previous = await computeMask(model, { density: 0.5 })
  expect(
    await lateRefusalOf(() => computeMask(model, { density: 0.25, previous, criterion })),
  ).toBe(equal('head/kernel', 1))
})

test('computeMask takes equal scores where nothing is chosen among them', async () => {
  const model = frozenModel()
  const select = { frozen: true }
  const still: Criterion = ({ name, final }) =>
    name === 'head/kernel' ? zeros(final.shape) : abs(final)
  const all = { density: 1, criterion: still, select }
  expect((await computeMask(model, all)).density).toBe(1)
  // The head goes but for the one element that every weight keeps.
  const some = await computeMask(model, { ...all, density: 0.5, allocate: globally() })
  expect(some.weights.map(({ kept }) => kept)).toEqual([23, 1])
})

test('computeMask refuses equal scores where a limit sets their number', async () => {
  const criterion: Criterion = ({ name, final }) =>
    name === 'head/kernel' ? zeros(final.shape) : abs(final)
  const select = { frozen: true, limits: [{ include: 'head', minimumDensity: 0.5 }] }
  const options = { density: 0.4, criterion, select, allocate: globally() }
  expect(await lateRefusalOf(() => computeMask(frozenModel(), options))).toBe(equal('head/kernel'))
  const limits = [{ include: 'head', minimumDensity: 1 }]
  const whole = await computeMask(frozenModel(), { ...options, select: { ...select, limits } })
  expect(whole.weights.map(({ kept }) => kept)).toEqual([3, 16])
})

test('computeMask prunes frozen weights by lot', async () => {
  const options = { density: 0.5, criterion: random({ seed: 3 }), select: { frozen: true } }
  expect((await computeMask(frozenModel(), options)).kept).toBe(24)
})

test('computeMask takes equal scores in cells of one element, of which none goes', async () => {
  const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [1] })] })
  const equal: Criterion = ({ final }) => zeros(final.shape)
  const granularity = nOfM({ of: 2 })
  const mask = await computeMask(model, { density: 0.5, granularity, criterion: equal })
  expect(mask.weights.map(({ kept }) => kept)).toEqual([3])
})
