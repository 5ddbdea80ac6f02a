import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, paper, prune, recipe, weightedCrossentropy } from 'tfjs-prune'
import { aucPairwise, byEpoch, byRound, falseNegativeBudget, sumOf } from 'tfjs-prune/losses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

let data: Samples
let model: LayersModel
beforeAll(() => {
  data = imbalancedSamples(24)
  model = smallNetwork()
})
afterAll(() => {
  data.xs.dispose()
  model.dispose()
})

const counting = (positiveClass: number) => ({
  ...quickRun(data, { schedule: [1, 0.5] }),
  evaluate: evaluateOn(data, { positiveClass }),
})
const trainedBy = (loss?: object) =>
  quickRun(data, { training: loss ? { loss: loss as never } : {} }).train

const words =
  'RangeError: Cannot prune: expected a loss that favours class 0, which evaluate counts as positive, ' +
  'got one that favours class 1: give the loss positiveClass: 0, as in ' +
  'fit(data, { loss: paper.black({ positiveClass: 0 }) }), or evaluate the other class'

test.each([
  ['no loss', undefined],
  ['paper.green', paper.green()],
  ['a weight', weightedCrossentropy({ weights: 5 })],
  ['a sum', sumOf(weightedCrossentropy({ weights: 2 }), aucPairwise())],
  ['a budget', falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 })],
])('prune refuses %s that favours another class than evaluate counts', async (_, loss) => {
  const before = weightBits(model)
  const options = { ...counting(0), train: trainedBy(loss) }
  expect(await lateRefusalOf(() => prune(model, options))).toBe(words)
  const own = { evaluate: (of: LayersModel) => evaluateOn(data, { positiveClass: 0 })(of) }
  expect(await lateRefusalOf(() => prune(model, { ...options, ...own }))).toBe(words)
  expect(weightBits(model)).toEqual(before)
})

test.each([
  ['that favours no class', weightedCrossentropy()],
  ['of red', paper.red()],
  ['with a weight a class', weightedCrossentropy({ weights: [5, 1] })],
  ['that favours the same class', paper.black({ positiveClass: 0 })],
  ['of one’s own', (yTrue: never, yPred: never) => weightedCrossentropy()(yTrue, yPred)],
])('prune takes a loss %s', async (_, loss) => {
  const of = smallNetwork()
  const { kept } = await prune(of, { ...counting(0), train: trainedBy(loss) })
  expect(kept?.round).toBe(1)
  of.dispose()
})

test('prune takes a class that one of several evaluations counts', async () => {
  const of = smallNetwork()
  const sets = { rare: counting(1).evaluate, others: counting(0).evaluate }
  const { kept } = await prune(of, { ...counting(0), evaluate: sets, train: trainedBy() })
  expect(kept?.round).toBe(1)
  of.dispose()
})

test('fit tells the settings of presets apart, and those of its own loss', () => {
  const settingsOf = (loss?: object) => JSON.stringify(trainedBy(loss).settings)
  const all = [paper.red(), paper.blue(), paper.black(), paper.green()].map(settingsOf)
  expect(new Set(all).size).toBe(4)
  expect(settingsOf()).toBe(all[2])
  expect(settingsOf(paper.black({ positiveClass: 0 }))).not.toBe(all[2])
})

test('recipe trains by plain cross-entropy, as its figures were measured', () => {
  const { training } = recipe.denseQuality()
  const loss = training.loss as ReturnType<typeof weightedCrossentropy>
  expect(loss.settings).toEqual(weightedCrossentropy().settings)
})

test('prune asks each epoch and each round for the class that a loss favours', async () => {
  const late = (weights: number) => weightedCrossentropy({ weights })
  const byEpochs = byEpoch((epoch) => late(epoch === 0 ? 1 : 5))
  const byRounds = byRound((round) => late(round < 2 ? 1 : 5))
  const schedule = [1, 0.5, 0.25]
  for (const loss of [byEpochs, byRounds]) {
    const options = { ...counting(0), schedule, train: trainedBy(loss) }
    expect(await lateRefusalOf(() => prune(model, options))).toBe(words)
  }
})

test('prune refuses a sum, and budgets, that favour two classes of which none is counted', async () => {
  const weighted = (positiveClass: number) => weightedCrossentropy({ weights: 5, positiveClass })
  const budgets = [1, 2].map((positiveClass) => ({ positiveClass, maximumFalseNegativeRate: 0.1 }))
  const three = fillWeights(
    sequential({ layers: [layers.dense({ units: 3, inputShape: [6] })] }),
    1,
  )
  for (const loss of [
    sumOf(weighted(1), weighted(2)),
    sumOf(sumOf(weighted(1), weighted(2)), weightedCrossentropy()),
    falseNegativeBudget(budgets),
    falseNegativeBudget(budgets[0]!, { plus: weighted(2) }),
  ]) {
    const options = { ...counting(0), train: trainedBy(loss) }
    expect(await lateRefusalOf(() => prune(three, options))).toMatch(
      /expected a loss that favours class 0,.*got one that favours class 1, 2: give/,
    )
  }
  const { kept } = await prune(three, {
    ...counting(1),
    schedule: [1],
    train: trainedBy(sumOf(weighted(1), weighted(2))),
  })
  expect(kept?.round).toBe(0)
  three.dispose()
})

test('prune takes a weight below 1, and a budget beside a loss for the other class', async () => {
  const of = smallNetwork()
  const plus = weightedCrossentropy({ weights: 5 })
  const budget = falseNegativeBudget({ positiveClass: 0, maximumFalseNegativeRate: 0.1 }, { plus })
  for (const loss of [weightedCrossentropy({ weights: 0.2, positiveClass: 0 }), budget]) {
    const { kept } = await prune(of, { ...counting(1), schedule: [1], train: trainedBy(loss) })
    expect(kept?.round).toBe(0)
  }
  of.dispose()
})
