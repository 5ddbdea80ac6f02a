import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import type { OutputOption } from '../../internal/model-output.js'
import { anything, required } from '../../internal/option-checks.js'
import { markSeen, sharesData } from '../../internal/seen-data.js'
import { outputOf } from '../../layer-kinds/output-of.js'
import type { Round } from '../../rounds/round.js'
import { classLabels } from '../../training/labels.js'
import { checkKeys, countSamples } from '../../training/training-data.js'
import type { ArrayData, NumberArray } from '../../types.js'
import { type CalibrationPlaces, checkPlaces, checkUnseen } from '../calibration-data.js'
import { checkOrder } from '../certify-scores.js'
import { checkOnePerSample, indexSet } from '../check-indices.js'
import { checkFirstUse, markUse } from '../rates/first-use.js'
import { readLogRows } from '../rates/read-log-rows.js'
import { testRounds } from '../rates/test-rounds.js'
import { type CertifyRunOptions, runChecks } from '../run-options.js'
import { classPromiseChecks } from './certify-class-scores.js'
import type { ClassCertificate } from './class-certificate.js'
import {
  type ClassPromise,
  checkApartSplits,
  checkSplit,
  concludeClasses,
  makeClassPlan,
  testClassLevel,
} from './class-plan.js'
import { softmaxRows } from './softmax-rows.js'

/** Samples of one split, in memory, and their places in the whole data set where they are known. */
export type ClassSplit = ArrayData & CalibrationPlaces

/** Options of {@link certifyClasses}. */
export interface CertifyClassesOptions extends ClassPromise, CertifyRunOptions {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /**
   * Samples that the class weights are chosen on, such as a validation part; they count as seen
   * afterwards.
   */
  readonly tuning: ClassSplit
  /** Samples that nothing else was done with. */
  readonly calibration: ClassSplit
  /** Indices in the whole data set of all samples trained on; needs `calibration.indices`. */
  readonly trainedOn?: NumberArray
}

const task = 'certify the classes'
const checks: OptionChecks<CertifyClassesOptions> = {
  ...classPromiseChecks,
  ...runChecks,
  model: required(anything),
  tuning: required(anything),
  calibration: required(anything),
  trainedOn: anything,
}

/**
 * Finds the sparsest round that provably gives at most a given share of each of several classes to
 * another class.
 *
 * Runs the model on both splits with the weights of each round, dense to sparse. The tuning
 * samples give the class weights of the rule and say whether the limits can be kept at all; the
 * calibration samples test it. `certifyClassScores` has the formulas. The calibration samples are
 * used up by it, once they are scored.
 *
 * @param rounds Finished rounds, the densities not rising; all of them count as levels, tested or
 *   not.
 * @param options The model, both splits, the limits by class and the confidence.
 * @returns The certificate: plain data. `accepted` is null when the first round fails. Give the
 *   model that round with `applyTrained`, and decide by `decideClass` with the round's weights. No
 *   tensor is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, labels are missing, samples do
 *   not fit the model, only one of `trainedOn` and `calibration.indices` is given, or only one of
 *   the splits has `indices`, or not one for each sample.
 * @throws {RangeError} If tuning and calibration samples overlap, calibration samples were used
 *   before or trained on, a limit is outside (0, 1) or of no class of the model, a limited class
 *   has no tuning samples or too few calibration samples (the message names class and number), a
 *   round does not fit the model, or an output is not finite.
 * @see Tian, Feng: Neyman-Pearson multi-class classification via cost-sensitive learning. JASA
 *   2025.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 * import { certifyClasses, decideClass } from 'tfjs-prune/certify'
 *
 * const samples = (count: number) => {
 *   const ys = Int32Array.from({ length: count }, (_, i) => i % 3)
 *   return { xs: tensor2d(Array.from(ys, (label, i) => [4 * label - 4, Math.sin(i)])), ys }
 * }
 * const [data, tuning, calibration] = [samples(60), samples(150), samples(300)]
 * const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.adam(0.1), epochs: 20 }),
 *   evaluate: evaluateOn(tuning, { positiveClass: 1 }),
 *   schedule: [1, 0.7],
 * })
 * const promise = { maximumFalseNegativeRates: { 1: 0.05, 2: 0.05 }, confidence: 0.95 }
 * const { accepted, reason } = await certifyClasses(rounds, { model, tuning, calibration, ...promise })
 * if (!accepted) throw new Error(reason)
 * applyTrained(model, rounds.find(({ round }) => round === accepted.round)!)
 * const index = decideClass([0.2, 0.3, 0.5], accepted.weights) // in the page
 * if (!(index in [0, 1, 2])) throw new Error('a class')
 * ```
 */
export async function certifyClasses(
  rounds: readonly Round[],
  options: CertifyClassesOptions,
): Promise<ClassCertificate> {
  checkOptions(options, { task, checks })
  const { model, tuning, calibration, batchSize, signal } = options
  checkModel(model, task)
  checkOrder(rounds)
  const output = outputOf(model, { task, output: (options.output ?? 'auto') as OutputOption })
  const classes = Math.max(Number(model.outputs[0]!.shape.at(-1)), 2)
  const labels = checkedLabels(options, classes)
  const plan = makeClassPlan(labels.calibration, {
    ...copyOptions(options, checks),
    classes,
    levels: rounds.length,
    task,
  })
  const read = async (name: 'tuning' | 'calibration') => {
    const samples = { xs: options[name].xs, samples: labels[name].length }
    const rows = await readLogRows(model, samples, { task, output, batchSize, signal })
    return { labels: labels[name], probabilities: softmaxRows(rows) }
  }
  let reused: boolean | undefined
  const test = async ({ round, density }: Round) => {
    signal?.throwIfAborted()
    markSeen(tuning)
    const splits = { tuning: await read('tuning'), calibration: await read('calibration') }
    reused ??= markUse({ calibration }, { task, reuses: options.reusesCalibration })
    checkApartSplits(splits, task)
    return testClassLevel({ round, density, ...splits }, plan)
  }
  return concludeClasses(plan, await testRounds(model, rounds, { task, test }), reused)
}

/** The classes of both splits. Throws where these do not fit the model, overlap or were used. */
function checkedLabels(options: CertifyClassesOptions, classes: number) {
  const { tuning, calibration, maximumFalseNegativeRates: limits } = options
  const labels = {
    tuning: splitLabels(tuning, 'tuning'),
    calibration: splitLabels(calibration, 'calibration'),
  }
  for (const name of ['tuning', 'calibration'] as const)
    checkSplit(labels[name], { name, classes, limits, task })
  checkUnseen(calibration)
  checkPlacesApart(options, labels.tuning.length)
  checkFirstUse(calibration, { task, name: 'calibration', reuses: options.reusesCalibration })
  checkPlaces(options, labels.calibration.length)
  return labels
}

/** The class of each sample. */
function splitLabels(split: ClassSplit, name: string): readonly number[] {
  if (typeof split !== 'object' || split === null) {
    const wanted = `${name} as { xs, ys, indices? }`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${String(split)}`)
  }
  checkKeys(split, task, ['indices'])
  countSamples(split, task)
  return classLabels(split, task)
}

/** Throws where both splits are known to overlap, or only one has places. */
function checkPlacesApart({ tuning, calibration }: CertifyClassesOptions, samples: number): void {
  const cannot = `Cannot ${task}: expected tuning and calibration samples that are apart`
  if (tuning === calibration || sharesData({ xs: tuning.xs }, { xs: calibration.xs }))
    throw new RangeError(`${cannot}, got the same ones`)
  if (tuning.indices === undefined && calibration.indices === undefined) return
  if (tuning.indices === undefined || calibration.indices === undefined) {
    const names = ['tuning.indices', 'calibration.indices']
    const [wanted, got] = tuning.indices === undefined ? names : names.reverse()
    throw new TypeError(`Cannot ${task}: expected ${wanted} as well, got ${got} only`)
  }
  checkOnePerSample(tuning.indices, { samples, of: 'tuning samples', task })
  const used = indexSet(tuning.indices, { task, name: 'tuning.indices' })
  const both = Array.from(calibration.indices).filter((index) => used.has(index))
  if (both.length > 0)
    throw new RangeError(`${cannot}, got ${both.length} in both, the first of them ${both[0]}`)
}
