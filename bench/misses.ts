// Which parts keep the misses of a pruned network at the dense one's? On wasm: the CNN of examples/
// on chest X-rays or on the digit 8, or a pretrained MobileNetV2 on melanoma. DATA_DIR=... npx tsx
// bench/misses.ts [xrays | eights | melanoma] [seeds] [file] prints one JSON line a run and a
// summary of each arm; runs that the file has are not made again.
//
// Each seed has a split, initial weights and an order of its own, the same for all arms. Arms that
// train the same way share one dense round. The rate of a way to train is the one with the best AUC
// on the validation part at 12.5 % of the weights, pruned plainly, over two seeds that are not used
// again; pruning arms take it as it is. FNR is that of the held-out part where its FPR is 10 and
// 5 %; p against plain by seed (Wilcoxon, Holm).
import { appendFileSync, existsSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import {
  applyTrained,
  denseTeacher,
  evaluateOn,
  type FitOptions,
  fit,
  lamp,
  type PruneOptions,
  prune,
  type Round,
  shiftImages,
  weightedCrossentropy,
} from 'tfjs-prune'
import { aucPairwise, sumOf } from 'tfjs-prune/losses'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { multiplyAdds } from 'tfjs-prune/shrink'
import { startWasm } from '../examples/support/backend.js'
import {
  readRuns,
  type StudyLevel,
  type StudyRun,
  summariseStudy,
} from '../examples/support/misses-study.js'
import { melanoma } from './support/melanoma.js'
import { type Parts, rareEights, rareXRays } from './support/rare-sets.js'

const TUNING_SEEDS = [101, 102]
const LEVELS = [1, 0.125, 0.0625, 0.03125]
const FIXED = [0.1, 0.05]

const [, , set = 'xrays', count = '8', file] = process.argv
const sets = { xrays: rareXRays, eights: rareEights, melanoma }
if (!(set in sets)) throw new Error(`Expected one of ${Object.keys(sets).join(', ')}, got ${set}`)
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1)
await startWasm()
const {
  draw,
  build,
  epochs,
  rates: candidates,
  batchSize = 32,
  without = [],
  longerEpochs = 3 * epochs,
  whole,
} = await sets[set as keyof typeof sets]()
const LONGER = `${longerEpochs} epochs`

/** Ways to train; each has a rate and a dense round of its own. */
const ways: Record<string, Partial<FitOptions>> = {
  plain: {},
  aucPairwise: { loss: sumOf(weightedCrossentropy(), aucPairwise()) },
  augment: { augment: shiftImages({ pixels: 2 }) },
  [LONGER]: { epochs: longerEpochs },
}

interface Arm {
  readonly way: string
  readonly pruning?: Partial<PruneOptions>
}

const teach = denseTeacher()
const spared = { teach, spareEnds: true }
const shared = { teach, allocate: lamp() }
const shortArms: Record<string, Arm> = {
  plain: { way: 'plain' },
  teach: { way: 'plain', pruning: { teach } },
  spareEnds: { way: 'plain', pruning: { spareEnds: true } },
  lamp: { way: 'plain', pruning: { allocate: lamp() } },
  augment: { way: 'augment' },
  'teach, spareEnds, augment': { way: 'augment', pruning: spared },
  'teach, lamp, augment': { way: 'augment', pruning: shared },
  aucPairwise: { way: 'aucPairwise' },
  'teach, spareEnds': { way: 'plain', pruning: spared },
}
const longArms: Record<string, Arm> = { [`plain, ${LONGER}`]: { way: LONGER } }
const arms: Record<string, Arm> = Object.fromEntries(
  Object.entries({ ...shortArms, ...longArms }).filter(([, { way }]) => !without.includes(way)),
)

interface Run {
  readonly arm: string
  readonly rate: number
  readonly seed: number
}

const lines: StudyRun[] = file && existsSync(file) ? readRuns(file) : []

/** The parts of a seed and the dense rounds that its arms share; made when they are needed. */
interface Shared {
  readonly parts: () => Parts
  readonly dense: Map<string, Round>
}

async function levelsOf(
  run: Run,
  judged: StudyRun['judged'],
  shared: Shared,
): Promise<StudyLevel[]> {
  const { arm, rate, seed } = run
  const { way, pruning } = arms[arm]!
  const { train, [judged]: judge } = shared.parts()
  const model = build(seed)
  const loss = weightedCrossentropy()
  const optimizer = () => tf.train.momentum(rate, 0.9)
  const common: PruneOptions = {
    train: fit(train, { loss, optimizer, epochs, batchSize, clipNorm: 5, seed, ...ways[way] }),
    evaluate: evaluateOn(judge, { positiveClass: 1 }),
    select: { ...(whole && { exclude: whole }), limits: [{ include: /kernel$/, minimumKept: 16 }] },
  }
  if (!shared.dense.has(way)) {
    const { rounds } = await prune(model, { ...common, schedule: [1] })
    shared.dense.set(way, rounds[0]!)
  }
  const schedule = judged === 'validation' ? LEVELS.slice(0, 2) : LEVELS
  const dense = shared.dense.get(way)!
  const { rounds } = await prune(model, { ...common, ...pruning, schedule, dense })
  const levels: StudyLevel[] = []
  for (const round of rounds) {
    applyTrained(model, round)
    const { density, evaluation, seconds } = round
    const { labels, scores, auc } = evaluation
    const fnr = FIXED.map((falsePositiveRate) =>
      falseNegativeRateAt(labels!, scores!, { positiveClass: 1, falsePositiveRate }),
    )
    const { dense, nonZero } = await multiplyAdds(model)
    levels.push({ density, auc, fnr, multiplyAdds: nonZero / dense, seconds: seconds.training })
  }
  model.dispose()
  return levels
}

/** A run that is on file, or made now; null where training diverges. */
async function run(wanted: Run, judged: StudyRun['judged'], shared: Shared): Promise<StudyRun> {
  const isIt = (line: StudyRun) =>
    line.set === set &&
    line.judged === judged &&
    line.arm === wanted.arm &&
    line.rate === wanted.rate
  const known = lines.find((line) => isIt(line) && line.seed === wanted.seed)
  if (known) return known
  const levels = await levelsOf(wanted, judged, shared).catch((error) => {
    if (!/expected (a finite loss|finite weights)/.test(error.message)) throw error
    return null
  })
  const line: StudyRun = { set, judged, ...wanted, levels }
  const text = JSON.stringify(line, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value,
  )
  console.log(text)
  if (file) appendFileSync(file, `${text}\n`)
  lines.push(line)
  return line
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length

async function withSeed<T>(seed: number, work: (shared: Shared) => Promise<T>): Promise<T> {
  let drawn: Parts | undefined
  const parts = () => {
    drawn ??= draw(seed)
    return drawn
  }
  try {
    return await work({ parts, dense: new Map() })
  } finally {
    for (const { xs } of Object.values(drawn ?? {})) xs.dispose()
  }
}

/** The rate of each way to train, by AUC on the validation part; more epochs take plain's. */
async function tune(): Promise<Record<string, number>> {
  const rates: Record<string, number> = {}
  for (const way of Object.keys(ways).filter((way) => way in arms)) {
    let best = { rate: candidates[0]!, auc: 0 }
    for (const rate of candidates) {
      const found: number[] = []
      for (const seed of TUNING_SEEDS) {
        const wanted = { arm: way, rate, seed }
        const { levels } = await withSeed(seed, (shared) => run(wanted, 'validation', shared))
        found.push(levels?.[1]?.auc ?? 0)
      }
      if (mean(found) > best.auc) best = { rate, auc: mean(found) }
    }
    rates[way] = best.rate
  }
  return { ...rates, [LONGER]: rates.plain! }
}

const rates = await tune()
const rateOf = (arm: string) => rates[arms[arm]!.way]!
const isLong = (arm: string) => arm in longArms
const names = Object.keys(arms)
for (const part of [names.filter((arm) => !isLong(arm)), names.filter(isLong)]) {
  for (const seed of seeds) {
    await withSeed(seed, async (shared) => {
      for (const arm of part) {
        const rate = rateOf(arm)
        const { levels } = await run({ arm, rate, seed }, 'test', shared)
        if (!levels)
          throw new Error(`Expected ${arm} to train at ${rate}, got a loss that diverges`)
      }
    })
  }
}

const short = (_: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value
for (const summary of summariseStudy(lines.filter((line) => line.set === set)))
  console.log(JSON.stringify({ bench: 'misses', set, ...summary }, short))
