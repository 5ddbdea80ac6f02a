// What do the methods of the class side bring on rare chest X-rays? On wasm, the CNN of examples/.
// DATA_DIR=... npx tsx bench/methods.ts [criteria | repair] [seeds] [file] prints one JSON line a run; runs
// that the file has are not made again.
//
// Each seed has a split, initial weights and an order of its own, the same for all arms, which share
// one dense round of 12 epochs at a rate of 0.01, the rate that bench/misses.ts found for plain. FNR
// is that of the held-out part where its FPR is 10 and 5 %; no arm sees that part.
//
// repair: masks of magnitude() at 50 to 6.25 %, one-shot, repaired on the training part.
// criteria: masks at 25, 12.5 and 6.25 % of the weights, one-shot and with 12 epochs a level.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import {
  type ArrayData,
  applyMask,
  applyTrained,
  type Criterion,
  computeMask,
  evaluateOn,
  fit,
  forClasses,
  keepingShares,
  type Mask,
  magnitude,
  maximumOf,
  normalised,
  prune,
  type Round,
  repairVariance,
  repairWeights,
  taylor,
  weightedByRecall,
  weightedCrossentropy,
} from 'tfjs-prune'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { startWasm } from '../examples/support/backend.js'
import { buildModel } from '../examples/support/pneumonia.js'
import { type Parts, rareXRays } from './support/rare-sets.js'

const FIXED = [0.1, 0.05]
const DENSITIES = [0.25, 0.125, 0.0625]
const select = { limits: [{ include: /kernel$/, minimumKept: 16 }] }

const [, , group = 'criteria', count = '2', file] = process.argv
await startWasm()
const { draw } = rareXRays()

interface Line {
  readonly group: string
  readonly arm: string
  readonly seed: number
  readonly density: number
  readonly [figure: string]: unknown
}

const text = file && existsSync(file) ? readFileSync(file, 'utf8') : ''
const lines: Line[] = text
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
const isDone = (arm: string, seed: number) =>
  lines.some((line) => line.group === group && line.arm === arm && line.seed === seed)

function report(line: Line): void {
  const text = JSON.stringify(line, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value,
  )
  console.log(text)
  if (file) appendFileSync(file, `${text}\n`)
}

type Model = ReturnType<typeof buildModel>

/** AUC, and FNR at the fixed rates, on the held-out part. */
async function judge(model: Model, { test }: Parts) {
  const { labels, scores, auc } = await evaluateOn(test, { positiveClass: 1 })(model)
  const fnr = FIXED.map((falsePositiveRate) =>
    falseNegativeRateAt(labels!, scores!, { positiveClass: 1, falsePositiveRate }),
  )
  return { auc, fnr }
}

const training = (parts: Parts, seed: number) =>
  fit(parts.train, {
    loss: weightedCrossentropy(),
    optimizer: () => tf.train.momentum(0.01, 0.9),
    epochs: 12,
    clipNorm: 5,
    seed,
    engine: sparseTraining(),
  })

const runOptions = (parts: Parts, seed: number) => ({
  train: training(parts, seed),
  evaluate: evaluateOn(parts.validation, { positiveClass: 1 }),
  select,
})

const inEach = () => normalised(taylor(), 'sum')
const criteria: Record<string, () => Criterion> = {
  magnitude,
  taylor,
  'forClasses, alike': () => forClasses(inEach(), [1, 1]),
  'worst class': () =>
    maximumOf(
      normalised(forClasses(taylor(), { 0: 1 }), 'sum'),
      normalised(forClasses(taylor(), { 1: 1 }), 'sum'),
    ),
  keepingShares: () => keepingShares(taylor(), [0, 1]),
  weightedByRecall: () => weightedByRecall(inEach(), [0, 1]),
}

interface Shared {
  readonly parts: Parts
  readonly model: Model
  readonly dense: Round
  readonly seed: number
}

async function runCriteria({ parts, model, dense, seed }: Shared): Promise<void> {
  const samples = { ...parts.train, batchSize: 1 }
  for (const [name, make] of Object.entries(criteria)) {
    for (const density of isDone(`${name}, one-shot`, seed) ? [] : DENSITIES) {
      applyTrained(model, dense)
      const started = performance.now()
      // A step without rounds takes the classes alike; the dense round tells the recalls here.
      const criterion = make()
      const told = criterion.forRound?.([dense]) ?? criterion
      const mask = await computeMask(model, { density, criterion: told, samples, select })
      const seconds = (performance.now() - started) / 1000
      applyMask(model, mask)
      const judged = await judge(model, parts)
      report({ group, arm: `${name}, one-shot`, seed, density, ...judged, seconds })
    }
    if (isDone(name, seed)) continue
    const { rounds } = await prune(model, {
      ...runOptions(parts, seed),
      ...{ criterion: make(), samples, dense },
      schedule: [1, ...DENSITIES],
    })
    for (const round of rounds.slice(1)) {
      applyTrained(model, round)
      const { density, criterion } = round
      report({ group, arm: name, seed, density, ...(await judge(model, parts)), ...criterion })
    }
  }
}

/** Ways to repair a masked model; each begins with the dense weights. */
const repairs: Record<string, (model: Model, mask: Mask, samples: ArrayData) => Promise<unknown>> =
  {
    none: async (model, mask) => applyMask(model, mask),
    variance: (model, mask, samples) => repairVariance(model, mask, { samples }),
    'weights, dense inputs': (model, mask, samples) =>
      repairWeights(model, mask, { samples, inputs: 'dense' }),
    'weights, repaired inputs': (model, mask, samples) => repairWeights(model, mask, { samples }),
    'weights, then variance': async (model, mask, samples) => {
      const { dense } = await repairWeights(model, mask, { samples })
      await repairVariance(model, mask, { samples, dense })
    },
  }

async function runRepair({ parts, model, dense, seed }: Shared): Promise<void> {
  for (const [name, repair] of Object.entries(repairs)) {
    for (const density of isDone(name, seed) ? [] : [0.5, ...DENSITIES]) {
      applyTrained(model, dense)
      const mask = await computeMask(model, { density, criterion: magnitude(), select })
      const started = performance.now()
      await repair(model, mask, parts.train)
      const seconds = (performance.now() - started) / 1000
      report({ group, arm: name, seed, density, ...(await judge(model, parts)), seconds })
    }
  }
}

const groups: Record<string, (shared: Shared) => Promise<void>> = {
  criteria: runCriteria,
  repair: runRepair,
}
const run = groups[group]
if (!run) throw new Error(`Expected one of ${Object.keys(groups).join(', ')}, got ${group}`)
for (let seed = 1; seed <= Number(count); seed++) {
  const parts = draw(seed)
  const model = buildModel(seed)
  const { rounds } = await prune(model, { ...runOptions(parts, seed), schedule: [1] })
  const dense = rounds[0]!
  applyTrained(model, dense)
  if (!isDone('dense', seed))
    report({ group, arm: 'dense', seed, density: 1, ...(await judge(model, parts)) })
  await run({ parts, model, dense, seed })
  model.dispose()
  for (const { xs } of Object.values(parts)) xs.dispose()
}
