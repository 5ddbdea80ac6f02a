import { readFileSync } from 'node:fs'
import { abs, type Optimizer, type Tensor, tensor, train } from '@tensorflow/tfjs-core'
import {
  averagePercentageOfZeros,
  batchNormScale,
  type Criterion,
  createMask,
  fineTune,
  fisher,
  forClasses,
  fpgm,
  initialFinal,
  keepingShares,
  layerwiseObs,
  magnitude,
  magnitudeIncrease,
  maximumOf,
  movement,
  needing,
  normalised,
  paper,
  protecting,
  type Rewinder,
  random,
  reinitialise,
  rewindLearningRate,
  rewindTo,
  rewindToInitial,
  rewindToSign,
  snip,
  synFlow,
  taylor,
  units,
  unitTaylor,
  wanda,
  weightedByRecall,
  weightedSum,
} from 'tfjs-prune'
import * as losses from 'tfjs-prune/losses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { always, expectSame, faster, images, labels, type Run, roundsOf } from './rounds.js'

/** Names of the functions that a folder gives to the module `tfjs-prune`. */
function exportsOf(folder: string): string[] {
  const index = readFileSync(new URL('../../../src/index.ts', import.meta.url), 'utf8')
  const lines = index.matchAll(new RegExp(`export \\{([^}]*)\\} from '\\./${folder}/`, 'g'))
  const names = [...lines].flatMap(([, list]) => list!.split(',').map((name) => name.trim()))
  return names.filter((name) => name && !name.startsWith('type ')).sort()
}

const both = { positiveClass: 1 }
const counts = [14, 7]

/** Rows `[n, 3]`: the label, and the logits of a teacher. */
const taughtRows = () =>
  tensor(Array.from(labels, (label, i) => [label, Math.sin(i), label + Math.cos(i)]))

/** Rows `[n, 2]`: two labels that a sample may have at once. */
const rowsOfLabels = () => tensor(Array.from(labels, (label, i) => [i % 2, label]))

/** By the name of the export: what differs from the usual run. */
const byLoss: Record<string, () => Run> = {
  asymmetric: () => ({ fitting: { loss: losses.asymmetric() } }),
  aucPairwise: () => ({ fitting: { loss: losses.aucPairwise() } }),
  aucm: () => ({ fitting: { loss: losses.aucm() } }),
  byEpoch: () => ({
    fitting: {
      loss: losses.byEpoch((epoch) => losses.weightedCrossentropy({ weights: 1 + 4 * epoch })),
    },
  }),
  byRound: () => ({
    fitting: { loss: losses.byRound((round) => losses.focal({ focusing: round })) },
  }),
  classDependent: () => ({ fitting: { loss: losses.classDependent({ gamma: 5, lambda: 2 }) } }),
  distillation: () => ({ fitting: { loss: losses.distillation() }, ys: taughtRows() }),
  falseNegativeBudget: () => ({
    fitting: { loss: losses.falseNegativeBudget({ ...both, maximumFalseNegativeRate: 0.1 }) },
  }),
  focal: () => ({ fitting: { loss: losses.focal({ weights: 2 }) } }),
  forLabel: () => ({ fitting: { loss: losses.forLabel(losses.focal(), 1) }, ys: rowsOfLabels() }),
  highRecallPairwise: () => ({ fitting: { loss: losses.highRecallPairwise({ worst: 0.5 }) } }),
  ldam: () => ({ fitting: { loss: losses.ldam({ counts }) } }),
  logitAdjusted: () => ({ fitting: { loss: losses.logitAdjusted({ counts }) } }),
  lowFalseAlarmPairwise: () => ({
    fitting: { loss: losses.lowFalseAlarmPairwise({ temperature: 2 }) },
  }),
  paper: () => ({ fitting: { loss: paper.green() } }),
  perLabel: () => ({
    fitting: { loss: losses.perLabel(losses.squaredHingeRank()) },
    ys: rowsOfLabels(),
  }),
  softFBeta: () => ({ fitting: { loss: losses.softFBeta() } }),
  squaredHingeRank: () => ({ fitting: { loss: losses.squaredHingeRank({ tau: 'deviation' }) } }),
  sumOf: () => ({
    fitting: { loss: losses.sumOf(losses.weightedCrossentropy(), losses.squaredHingeRank()) },
  }),
  weightedCrossentropy: () => ({
    fitting: { loss: losses.weightedCrossentropy({ weights: [1, 3] }) },
  }),
}

/** Exports of `tfjs-prune/losses` that are no losses. */
const noLosses = [
  ...['adjustLogits', 'betaForRatio', 'effectiveNumberWeights', 'inverseFrequencyWeights'],
]

describe('losses: masks and weights are those of tfjs', () => {
  it('the table names every export of the module', () => {
    expect([...Object.keys(byLoss), ...noLosses].sort()).toEqual(Object.keys(losses).sort())
  })

  it.each(Object.keys(byLoss))('%s', async (name) => {
    const run = byLoss[name]!()
    try {
      await expectSame({ ...run, pruning: { schedule: [1, 0.4] } })
    } finally {
      run.ys?.dispose()
    }
  })
})

const units4 = { granularity: units(), select: { include: 'first/kernel' } }

/** Both columns of the last kernel move by the same amount: rounding alone tells them apart. */
const butLast = { select: { exclude: 'last/kernel' } }

/** The last kernel stays whole. */
const lastKernel = createMask(
  [
    {
      ...{ name: 'last/kernel', layer: 'last', role: 'kernel', shape: [6, 2] },
      values: new Uint8Array(12).fill(1),
    },
  ],
  160,
)

/** By the name of the export: the criterion, and what else the run needs. */
const byCriterion: Record<string, () => Run['pruning'] & { readonly criterion: Criterion }> = {
  averagePercentageOfZeros: () => ({
    criterion: averagePercentageOfZeros(),
    select: { include: 'hidden/kernel' },
  }),
  batchNormScale: () => ({ criterion: batchNormScale(), ...units4 }),
  fisher: () => ({ criterion: fisher() }),
  forClasses: () => ({ criterion: forClasses(taylor(), { 0: 1, 1: 5 }) }),
  fpgm: () => ({ criterion: fpgm(), ...butLast }),
  initialFinal: () => ({ criterion: initialFinal({ rule: 'largeMovement' }), ...butLast }),
  keepingShares: () => ({ criterion: keepingShares(taylor(), [0, 1]) }),
  layerwiseObs: () => ({ criterion: layerwiseObs({ damping: 0.1 }), rewind: fineTune() }),
  magnitude: () => ({ criterion: magnitude() }),
  magnitudeIncrease: () => ({ criterion: magnitudeIncrease(), ...butLast }),
  maximumOf: () => ({
    criterion: maximumOf(normalised(magnitude(), 'rank'), normalised(wanda(), 'rank')),
  }),
  movement: () => ({ criterion: movement() }),
  needing: () => ({
    criterion: needing(['gradient'], ({ gradient }) => abs(gradient)),
    ...butLast,
  }),
  normalised: () => ({ criterion: normalised(magnitudeIncrease(), 'mean'), ...butLast }),
  protecting: () => ({ criterion: protecting(magnitude(), lastKernel) }),
  random: () => ({ criterion: random({ seed: 3 }) }),
  snip: () => ({ criterion: snip() }),
  synFlow: () => ({ criterion: synFlow({ steps: 3 }) }),
  taylor: () => ({ criterion: taylor() }),
  unitTaylor: () => ({ criterion: unitTaylor(), granularity: units() }),
  wanda: () => ({ criterion: wanda() }),
  weightedByRecall: () => ({ criterion: weightedByRecall(taylor(), [0, 1]) }),
  weightedSum: () => ({
    criterion: weightedSum([
      { criterion: taylor(), weight: 1 },
      { criterion: magnitude(), weight: -0.1 },
    ]),
  }),
}

/** Those that tfjs trains, with the reason. */
const left: Record<string, RegExp> = {
  movement: /the criterion looks at each step/,
}

let xs: Tensor
beforeAll(() => {
  xs = tensor(images, [labels.length, 4, 4, 1])
})
afterAll(() => xs.dispose())

describe('criteria: masks and weights are those of tfjs', () => {
  it('the table names every export', () => {
    expect(Object.keys(byCriterion).sort()).toEqual(exportsOf('criteria'))
  })

  it.each(Object.keys(byCriterion))('%s', async (name) => {
    const samples = { xs, ys: labels, batchSize: 7 }
    const pruning = { schedule: [1, 0.4], samples, ...byCriterion[name]!() }
    const why = left[name]
    if (!why) return void (await expectSame({ pruning }))
    const last = (await roundsOf(faster, { pruning })).at(-1)!
    expect(last.engine!.name).toBe('tfjs')
    expect(last.engine!.why).toMatch(why)
    await expect(roundsOf(always, { pruning })).rejects.toThrow(why)
  })
})

const byRewinder: Record<string, readonly Rewinder[]> = {
  fineTune: [fineTune()],
  reinitialise: [reinitialise({ seed: 5 })],
  rewindLearningRate: [rewindLearningRate()],
  rewindTo: [rewindTo({ epoch: 1 }), rewindTo({ step: 2 })],
  rewindToInitial: [rewindToInitial()],
  rewindToSign: [
    rewindToSign(),
    rewindToSign({ magnitudes: 'drawn', seed: 5 }),
    rewindToSign({ magnitudes: 'initial', signs: 'trained' }),
  ],
}

describe('rewinders: masks and weights are those of tfjs', () => {
  it('the table names every export', () => {
    expect(Object.keys(byRewinder).sort()).toEqual(exportsOf('rewind'))
  })

  it.each(Object.values(byRewinder).flat())('$name', async (rewind) => {
    await expectSame({ pruning: { rewind } })
  })
})

/** By the name in `tf.train`. */
const byOptimizer: Record<string, readonly (() => Optimizer)[]> = {
  sgd: [() => train.sgd(0.05)],
  momentum: [() => train.momentum(0.02, 0.9), () => train.momentum(0.02, 0.5, true)],
  rmsprop: [
    () => train.rmsprop(0.005),
    () => train.rmsprop(0.005, 0.9, 0.5, 1e-3),
    () => train.rmsprop(0.005, 0.9, 0, 1e-3, true),
  ],
  adam: [() => train.adam(0.01), () => train.adam(0.02, 0.5, 0.8, 0.01)],
  adadelta: [() => train.adadelta(0.5)],
  adamax: [() => train.adamax(0.01)],
  adagrad: [() => train.adagrad(0.05)],
}

/** Those that tfjs trains, with the reason. */
const isLeft = (optimizer: Optimizer) =>
  optimizer.getConfig().centered === true ||
  ['Adadelta', 'Adamax', 'Adagrad'].includes(optimizer.getClassName())

describe('optimizers: masks and weights are those of tfjs', () => {
  it('the table names every optimizer of tfjs', () => {
    const own = ['length', 'name', 'prototype']
    const names = Object.getOwnPropertyNames(train).filter((name) => !own.includes(name))
    expect(Object.keys(byOptimizer).sort()).toEqual(names.sort())
  })

  const all = Object.entries(byOptimizer).flatMap(([name, list]) =>
    list.map((optimizer, i) => [`${name} ${i}`, optimizer] as const),
  )
  it.each(all)('%s', async (_, optimizer) => {
    const one = optimizer()
    const [fitting, left, name] = [{ optimizer }, isLeft(one), one.getClassName()]
    one.dispose()
    if (!left)
      return void (await expectSame({ fitting, pruning: { rewind: rewindTo({ step: 4 }) } }))
    await expect(roundsOf(always, { fitting })).rejects.toThrow(`the optimizer is ${name}`)
    // The centered one is NaN in tfjs.
    if (name === 'RMSProp') return
    const [round] = await roundsOf(faster, { fitting, pruning: { schedule: [1] } })
    expect(round!.engine!.name).toBe('tfjs')
    expect(round!.engine!.why).toContain(`the optimizer is ${name}`)
  })
})
