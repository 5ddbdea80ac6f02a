import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { anything, checkIndex, required } from '../../internal/option-checks.js'
import { markSeen, sharesData } from '../../internal/seen-data.js'
import { outputOf } from '../../layer-kinds/output-of.js'
import type { Round } from '../../rounds/round.js'
import { checkUnseen } from '../calibration-data.js'
import { checkOrder } from '../certify-scores.js'
import { checkFirstUse, markUse } from '../rates/first-use.js'
import { logOdds } from '../rates/log-odds.js'
import { countInputs, readLogRows, type UnlabelledData } from '../rates/read-log-rows.js'
import { testRounds } from '../rates/test-rounds.js'
import { type CertifyRunOptions, runChecks } from '../run-options.js'
import { checkApartScores, positivesChecks } from './certify-positive-scores.js'
import type { PositivesCertificate, PositivesPromise } from './positives-certificate.js'
import { concludePositives, makePositivesPlan, testPositivesLevel } from './positives-plan.js'

/** Options of {@link certifyPositives}. */
export interface CertifyPositivesOptions extends PositivesPromise, CertifyRunOptions {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /** Class that must not be missed. */
  readonly positiveClass: number
  /** Positives that the threshold is chosen on; they count as seen afterwards. */
  readonly tuning: UnlabelledData
  /** Positives that nothing else was done with. */
  readonly calibration: UnlabelledData
  /** Samples of any class, as they come, that nothing else was done with. */
  readonly unlabelled: UnlabelledData
}

const task = 'certify the positives'
const checks: OptionChecks<CertifyPositivesOptions> = {
  ...positivesChecks,
  ...runChecks,
  model: required(anything),
  positiveClass: required(checkIndex),
  tuning: required(anything),
  calibration: required(anything),
  unlabelled: required(anything),
}

/**
 * Finds the sparsest round that provably misses at most a given rate of the positives and alarms on
 * at most a given share of all samples, from labels of positives alone.
 *
 * Scores the three sets with the weights of each round, dense to sparse, in log-odds as `certify`
 * does; `certifyPositiveScores` has the formulas.
 *
 * @param rounds Finished rounds, the densities not rising; all of them count as levels, tested or
 *   not.
 * @param options The model, two sets of positives and one without labels, the two largest rates and
 *   the confidence.
 * @returns The certificate: plain data. `accepted` is null when the first round fails. Give the
 *   model that round with `applyTrained` and its threshold with `setDecisionThreshold`. No tensor
 *   is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, or samples do not fit the
 *   model.
 * @throws {RangeError} If an option is outside its range, the class is not the model's, sets
 *   overlap, were used before or are too small (the message names the number), a round does not fit
 *   the model, or an output is not finite.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { certifyPositives } from 'tfjs-prune/certify'
 *
 * const inputs = (ys: number[]) => tensor2d(ys.map((label, i) => [4 * label - 2, Math.sin(i)]))
 * const labels = Array.from({ length: 32 }, (_, i) => i % 2)
 * const data = { xs: inputs(labels), ys: labels }
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const positives = (count: number) => ({ xs: inputs(new Array(count).fill(1)) })
 * const { accepted, reason } = await certifyPositives(rounds, {
 *   model,
 *   positiveClass: 1,
 *   tuning: positives(80),
 *   calibration: positives(120),
 *   unlabelled: { xs: inputs(Array.from({ length: 200 }, (_, i) => Number(i % 10 === 0))) },
 *   maximumFalseNegativeRate: 0.05,
 *   maximumAlarmRate: 0.2,
 *   confidence: 0.95,
 * })
 * if (!accepted) throw new Error(reason)
 * ```
 */
export async function certifyPositives(
  rounds: readonly Round[],
  options: CertifyPositivesOptions,
): Promise<PositivesCertificate> {
  checkOptions(options, { task, checks })
  const { model, positiveClass, batchSize, signal } = options
  const use = { task, reuses: options.reusesCalibration }
  checkModel(model, task)
  checkOrder(rounds)
  const output = outputOf(model, { task, output: options.output ?? 'auto' })
  checkPositiveClass(options)
  const counts = {
    tuning: countInputs(options.tuning, { task, name: 'tuning' }),
    positives: countInputs(options.calibration, { task, name: 'calibration' }),
    unlabelled: countInputs(options.unlabelled, { task, name: 'unlabelled' }),
  }
  checkSets(options)
  const plan = makePositivesPlan(options, { ...counts, levels: rounds.length, task })
  const read = async ({ xs }: UnlabelledData, samples: number) => {
    const rows = await readLogRows(model, { xs, samples }, { task, output, batchSize, signal })
    return logOdds(rows, positiveClass)
  }
  let reused: boolean | undefined
  const test = async ({ round, density }: Round) => {
    signal?.throwIfAborted()
    markSeen(options.tuning)
    const tuning = await read(options.tuning, counts.tuning)
    const positives = await read(options.calibration, counts.positives)
    const unlabelled = await read(options.unlabelled, counts.unlabelled)
    reused ??= markUse({ calibration: options.calibration, unlabelled: options.unlabelled }, use)
    const level = { round, density, tuning, positives, unlabelled }
    checkApartScores(level)
    return testPositivesLevel(level, plan)
  }
  return concludePositives(plan, await testRounds(model, rounds, { task, test }), reused)
}

function checkPositiveClass({ model, positiveClass }: CertifyPositivesOptions): void {
  const classes = Math.max(Number(model.outputs[0]?.shape.at(-1)), 2)
  if (positiveClass < classes) return
  const wanted = `positiveClass to be below the ${classes} classes of the model`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${positiveClass}`)
}

/** Throws where sets overlap, or calibration samples were seen before. */
function checkSets({
  tuning,
  calibration,
  unlabelled,
  reusesCalibration: reuses,
}: CertifyPositivesOptions): void {
  const sets = { calibration, unlabelled }
  for (const [name, set] of Object.entries(sets)) {
    checkUnseen(set as Parameters<typeof checkUnseen>[0])
    checkFirstUse(set, { task, name, reuses })
    if (tuning !== set && !sharesData(tuning, set)) continue
    const wanted = `tuning and ${name} samples that are apart`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got the same ones`)
  }
}
