// What do the methods of the class side bring on rare chest X-rays? On wasm, the CNN of examples/.
// DATA_DIR=... npx tsx bench/methods.ts [one-shot | criteria | repair | rewinding] [seeds] [file]
// prints one JSON line a figure; figures that the file has are not made again.
//
// Each seed has a split, initial weights and an order of its own, the same for all arms. They share
// one dense round of 12 epochs at a rate of 0.01, the rate that bench/misses.ts found for plain.
// FNR is that of the held-out part where its FPR is 10 and 5 %; no arm sees that part.
//
// one-shot: masks at 25, 12.5 and 6.25 % of the weights.
// criteria: the same with 12 epochs a level.
// repair: masks of magnitude() at 25 to 6.25 %, one-shot, repaired on the training part.
// rewinding: the CNN with batch normalisation, masks of magnitude() at 25 and 6.25 %, 8 epochs.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type ArrayData,
  applyMask,
  applyRewound,
  applyTrained,
  type Criterion,
  computeMask,
  evaluateOn,
  fit,
  forClasses,
  interpolatingNorms,
  keepingShares,
  type Mask,
  magnitude,
  maximumOf,
  normalised,
  prune,
  type Rewinder,
  type Round,
  reinitialise,
  repairToLoss,
  repairVariance,
  repairWeights,
  rewindLearningRate,
  rewindToInitial,
  rewindToSign,
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
const isDone = (arm: string, seed: number, density?: number) =>
  lines.some(
    (line) =>
      line.group === group &&
      line.arm === arm &&
      line.seed === seed &&
      (density === undefined || line.density === density),
  )

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

const training = (parts: Parts, seed: number, epochs = 12) =>
  fit(parts.train, {
    loss: weightedCrossentropy(),
    optimizer: () => tf.train.momentum(0.01, 0.9),
    epochs,
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

async function runOneShot({ parts, model, dense, seed }: Shared): Promise<void> {
  const samples = { ...parts.train, batchSize: 1 }
  for (const [name, make] of Object.entries(criteria)) {
    for (const density of DENSITIES.filter((density) => !isDone(name, seed, density))) {
      applyTrained(model, dense)
      const started = performance.now()
      // A step without rounds takes the classes alike; the dense round tells the recalls here.
      const criterion = make()
      const told = criterion.forRound?.([dense]) ?? criterion
      const mask = await computeMask(model, { density, criterion: told, samples, select })
      const seconds = (performance.now() - started) / 1000
      applyMask(model, mask)
      report({ group, arm: name, seed, density, ...(await judge(model, parts)), seconds })
    }
  }
}

async function runCriteria({ parts, model, dense, seed }: Shared): Promise<void> {
  const samples = { ...parts.train, batchSize: 1 }
  for (const [name, make] of Object.entries(criteria)) {
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
    'to the loss': (model, mask, samples) => repairToLoss(model, mask, { samples }),
    'to the loss, in four levels': async (model, mask, samples) => {
      for (const level of [0.25, 0.5, 0.75]) {
        const density = mask.density ** level
        const next = await computeMask(model, { density, criterion: magnitude(), select })
        await repairToLoss(model, next, { samples })
      }
      const last = { density: mask.density, criterion: magnitude(), select }
      await repairToLoss(model, await computeMask(model, last), { samples })
    },
    'weights, then variance': async (model, mask, samples) => {
      const { dense } = await repairWeights(model, mask, { samples })
      await repairVariance(model, mask, { samples, dense })
    },
  }

async function runRepair({ parts, model, dense, seed }: Shared): Promise<void> {
  for (const [name, repair] of Object.entries(repairs)) {
    for (const density of DENSITIES.filter((density) => !isDone(name, seed, density))) {
      applyTrained(model, dense)
      const mask = await computeMask(model, { density, criterion: magnitude(), select })
      const started = performance.now()
      await repair(model, mask, parts.train)
      const seconds = (performance.now() - started) / 1000
      report({ group, arm: name, seed, density, ...(await judge(model, parts)), seconds })
    }
  }
}

/** The CNN with batch normalisation in front of each activation. */
function normedModel(seed: number): Model {
  let next = 10 * seed
  const kernelInitializer = () => initializers.heNormal({ seed: ++next })
  const normed = (layer: layers.Layer) => [layer, layers.batchNormalization(), layers.reLU()]
  const conv = (name: string, filters: number, inputShape?: number[]) => {
    const shape = { filters, kernelSize: 3, padding: 'same' as const, useBias: false }
    const own = { name, ...shape, kernelInitializer: kernelInitializer() }
    return normed(layers.conv2d({ ...own, ...(inputShape && { inputShape }) }))
  }
  const hidden = { name: 'hidden', units: 64, useBias: false }
  const head = { name: 'head', units: 2, kernelInitializer: kernelInitializer() }
  return sequential({
    layers: [
      ...conv('first', 16, [28, 28, 1]),
      layers.maxPooling2d({ poolSize: 2 }),
      ...conv('second', 32),
      layers.maxPooling2d({ poolSize: 2 }),
      ...conv('third', 32),
      layers.flatten(),
      ...normed(layers.dense({ ...hidden, kernelInitializer: kernelInitializer() })),
      layers.dense(head),
    ],
  })
}

/** Ways of a run: where survivors restart, and how the rounds train. */
const ways: Record<string, { rewind: () => Rewinder; interpolated?: boolean }> = {
  'rewound to W0': { rewind: rewindToInitial },
  'rate rewound': { rewind: rewindLearningRate },
  'rate rewound, norms interpolated': { rewind: rewindLearningRate, interpolated: true },
}

/** Fresh networks of the same mask as the last round of a way. */
const heirs: Record<string, () => Rewinder> = {
  'mask alone': () => reinitialise({ seed: 7 }),
  'mask and signs': () => rewindToSign({ signs: 'trained', magnitudes: 'drawn', seed: 7 }),
}

async function runRewinding({ parts, seed }: Pick<Shared, 'parts' | 'seed'>): Promise<void> {
  const evaluate = evaluateOn(parts.validation, { positiveClass: 1 })
  for (const [way, { rewind, interpolated }] of Object.entries(ways)) {
    if (isDone(way, seed)) continue
    const model = normedModel(seed)
    const plain = training(parts, seed, 8)
    const train = interpolated ? interpolatingNorms(plain, { seed }) : plain
    const options = { evaluate, select, criterion: magnitude(), rewind: rewind() }
    const { rounds } = await prune(model, { ...options, train, schedule: [1, 0.25, 0.0625] })
    for (const round of rounds) {
      applyTrained(model, round)
      const { density } = round
      report({ group, arm: way, seed, density, ...(await judge(model, parts)) })
    }
    const last = rounds.at(-1)!
    for (const [heir, rewinder] of way === 'rewound to W0' ? [] : Object.entries(heirs)) {
      applyRewound(model, last, rewinder())
      await prune(model, { evaluate, select, train: plain, previous: last.mask, schedule: [1] })
      const judged = await judge(model, parts)
      report({ group, arm: `${way}: ${heir}`, seed, density: last.density, ...judged })
    }
    model.dispose()
  }
}

const groups: Record<string, (shared: Shared) => Promise<void>> = {
  'one-shot': runOneShot,
  criteria: runCriteria,
  repair: runRepair,
}
const run = groups[group]
if (!run && group !== 'rewinding')
  throw new Error(`Expected one of ${Object.keys(groups).join(', ')}, got ${group}`)
for (let seed = 1; seed <= Number(count); seed++) {
  const parts = draw(seed)
  if (group === 'rewinding') {
    await runRewinding({ parts, seed })
    continue
  }
  const model = buildModel(seed)
  const { rounds } = await prune(model, { ...runOptions(parts, seed), schedule: [1] })
  const dense = rounds[0]!
  applyTrained(model, dense)
  if (!isDone('dense', seed))
    report({ group, arm: 'dense', seed, density: 1, ...(await judge(model, parts)) })
  await run!({ parts, model, dense, seed })
  model.dispose()
  for (const { xs } of Object.values(parts)) xs.dispose()
}
