// Which parts keep the misses of a pruned network at the dense one's? The CNN of examples/ on wasm,
// on chest X-rays or on the digit 8. DATA_DIR=... npx tsx bench/misses.ts [xrays | eights] [seeds]
// [file] prints one JSON line a run and a summary of each arm; runs that the file has are not made
// again.
//
// Each seed has a split, initial weights and an order of its own, the same for all arms. The rate of
// an arm is the one with the best AUC on the validation part at 12.5 % of the weights, over two
// seeds that are not used again. FNR is that of the held-out part where its FPR is 10 and 5 %;
// p against plain by seed (Wilcoxon, Holm).
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
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
  shiftImages,
  weightedCrossentropy,
} from 'tfjs-prune'
import { aucPairwise, sumOf } from 'tfjs-prune/losses'
import { falseNegativeRateAt, holm, wilcoxonSignedRank } from 'tfjs-prune/metrics'
import { multiplyAdds } from 'tfjs-prune/shrink'
import { startWasm } from '../examples/support/backend.js'
import { buildModel, type Samples } from '../examples/support/pneumonia.js'
import { type Parts, rareEights, rareXRays } from './support/rare-sets.js'

const EPOCHS = 24
const RATES = [0.003, 0.01, 0.03]
const TUNING_SEEDS = [101, 102]
const LEVELS = [1, 0.125, 0.0625, 0.03125]
const FIXED = [0.1, 0.05]

interface Arm {
  readonly pruning?: Partial<PruneOptions>
  readonly training?: Partial<FitOptions>
}

const teach = denseTeacher()
const augment = shiftImages({ pixels: 2 })
const arms: Record<string, Arm> = {
  plain: {},
  'plain, 72 epochs': { training: { epochs: 72 } },
  aucPairwise: { training: { loss: sumOf(weightedCrossentropy(), aucPairwise()) } },
  teach: { pruning: { teach } },
  spareEnds: { pruning: { spareEnds: true } },
  lamp: { pruning: { allocate: lamp() } },
  augment: { training: { augment } },
  'teach, spareEnds': { pruning: { teach, spareEnds: true } },
  'teach, lamp': { pruning: { teach, allocate: lamp() } },
  'teach, spareEnds, augment': { pruning: { teach, spareEnds: true }, training: { augment } },
  'teach, lamp, augment': { pruning: { teach, allocate: lamp() }, training: { augment } },
}

const [, , set = 'xrays', count = '8', file] = process.argv
const sets = { xrays: rareXRays, eights: rareEights }
if (!(set in sets)) throw new Error(`Expected one of ${Object.keys(sets).join(', ')}, got ${set}`)
const draw = sets[set as keyof typeof sets]()
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1)
await startWasm()

interface Run {
  readonly arm: string
  readonly rate: number
  readonly seed: number
}

interface Level {
  readonly density: number
  readonly auc: number
  /** FNR at each of FIXED. */
  readonly fnr: readonly number[]
  readonly multiplyAdds: number
  readonly seconds: number
}

interface Line extends Run {
  readonly set: string
  readonly judged: 'validation' | 'test'
  readonly levels: readonly Level[] | null
}

const lines: Line[] =
  file && existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

interface Judged extends Run {
  readonly train: Samples
  readonly judge: Samples
  readonly schedule: readonly number[]
}

async function levelsOf({ arm, rate, seed, train, judge, schedule }: Judged): Promise<Level[]> {
  const { pruning, training } = arms[arm]!
  const model = buildModel(seed)
  const loss = weightedCrossentropy()
  const optimizer = () => tf.train.momentum(rate, 0.9)
  const { rounds } = await prune(model, {
    train: fit(train, { loss, optimizer, epochs: EPOCHS, clipNorm: 5, seed, ...training }),
    evaluate: evaluateOn(judge, { positiveClass: 1 }),
    schedule,
    select: { limits: [{ include: /\/kernel$/, minimumKept: 16 }] },
    ...pruning,
  })
  const levels: Level[] = []
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
async function run(wanted: Run, parts: () => Parts, judged: Line['judged']): Promise<Line> {
  const isIt = (line: Line) =>
    line.set === set &&
    line.judged === judged &&
    line.arm === wanted.arm &&
    line.rate === wanted.rate
  const known = lines.find((line) => isIt(line) && line.seed === wanted.seed)
  if (known) return known
  const { train, [judged]: judge } = parts()
  const schedule = judged === 'validation' ? LEVELS.slice(0, 2) : LEVELS
  const levels = await levelsOf({ ...wanted, train, judge, schedule }).catch((error) => {
    if (!/expected (a finite loss|finite weights)/.test(error.message)) throw error
    return null
  })
  const line: Line = { set, judged, ...wanted, levels }
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

async function withParts<T>(seed: number, work: (parts: () => Parts) => Promise<T>): Promise<T> {
  let drawn: Parts | undefined
  try {
    return await work(() => {
      drawn ??= draw(seed)
      return drawn
    })
  } finally {
    for (const { xs } of Object.values(drawn ?? {})) xs.dispose()
  }
}

/** The rate of each arm, by AUC on the validation part; the longer plain run takes plain's. */
async function tune(): Promise<Record<string, number>> {
  const rates: Record<string, number> = {}
  for (const arm of Object.keys(arms)) {
    if (arm === 'plain, 72 epochs') {
      rates[arm] = rates.plain!
      continue
    }
    let best = { rate: RATES[0]!, auc: 0 }
    for (const rate of RATES) {
      const found: number[] = []
      for (const seed of TUNING_SEEDS) {
        const { levels } = await withParts(seed, (parts) =>
          run({ arm, rate, seed }, parts, 'validation'),
        )
        found.push(levels?.[1]?.auc ?? 0)
      }
      if (mean(found) > best.auc) best = { rate, auc: mean(found) }
    }
    rates[arm] = best.rate
  }
  return rates
}

const rates = await tune()
const found: Record<string, (readonly Level[])[]> = {}
for (const seed of seeds) {
  await withParts(seed, async (parts) => {
    for (const [arm, rate] of Object.entries(rates)) {
      const { levels } = await run({ arm, rate, seed }, parts, 'test')
      if (!levels) throw new Error(`Expected ${arm} to train at ${rate}, got a loss that diverges`)
      found[arm] = [...(found[arm] ?? []), levels]
    }
  })
}

for (const [index, density] of LEVELS.entries()) {
  const at = (arm: string, value: (level: Level) => number) =>
    found[arm]!.map((levels) => value(levels[index]!))
  const figures = {
    fnrAtFpr10: (level: Level) => level.fnr[0]!,
    fnrAtFpr5: (level: Level) => level.fnr[1]!,
    auc: (level: Level) => level.auc,
  }
  const others = Object.keys(arms).filter((arm) => arm !== 'plain')
  const pValues = Object.entries(figures).map(([name, value]) => {
    const raw = others.map((arm) => wilcoxonSignedRank(at(arm, value), at('plain', value)).pValue)
    return [name, { raw, adjusted: holm(raw) }] as const
  })
  for (const arm of Object.keys(arms)) {
    const place = others.indexOf(arm)
    const summary = {
      ...{ bench: 'misses', set, arm, density, seeds: seeds.length, rate: rates[arm] },
      ...Object.fromEntries(Object.entries(figures).map(([k, value]) => [k, mean(at(arm, value))])),
      multiplyAdds: mean(at(arm, (level) => level.multiplyAdds)),
      seconds: mean(at(arm, (level) => level.seconds)),
      ...(place >= 0 && {
        p: Object.fromEntries(pValues.map(([name, { raw }]) => [name, raw[place]])),
        pByHolm: Object.fromEntries(pValues.map(([name, { adjusted }]) => [name, adjusted[place]])),
      }),
    }
    const short = (_: string, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(4)) : value
    console.log(JSON.stringify(summary, short))
  }
}
