import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { anything, checkIndex, required } from '../../internal/option-checks.js'
import { outputOf } from '../../layer-kinds/output-of.js'
import type { Round } from '../../rounds/round.js'
import type { LogRows } from '../../training/log-rows.js'
import type { NumberArray } from '../../types.js'
import { checkUnseen } from '../calibration-data.js'
import { checkOrder } from '../certify-scores.js'
import { checkNumbers } from '../check-numbers.js'
import { concludeRates } from '../rates/conclude-rates.js'
import { checkFirstUse, markUse } from '../rates/first-use.js'
import { logOdds } from '../rates/log-odds.js'
import { countInputs, readLogRows, type UnlabelledData } from '../rates/read-log-rows.js'
import { testRounds } from '../rates/test-rounds.js'
import { type CertifyRunOptions, runChecks } from '../run-options.js'
import type { AgreementCertificate, AgreementPromise } from './agreement-certificate.js'
import { agreementChecks, makeAgreementPlan, testDecisions } from './certify-decisions.js'

/** Options of {@link certifyAgreement}. */
export interface CertifyAgreementOptions extends AgreementPromise, CertifyRunOptions {
  /** The model that was pruned; its weights are those of before when the promise settles. */
  readonly model: LayersModel
  /** Inputs without labels, in memory; samples that nothing else was done with. */
  readonly calibration: UnlabelledData
  /**
   * Thresholds of the rounds, in their order and in log-odds; a sample is an alarm from its round's
   * threshold on. Chosen on other samples; needs `positiveClass`. @default the largest output
   * decides on a class
   */
  readonly thresholds?: readonly number[]
  /** Class whose log-odds are compared with `thresholds`. */
  readonly positiveClass?: number
}

const task = 'certify the agreement'
const checks: OptionChecks<CertifyAgreementOptions> = {
  ...agreementChecks,
  ...runChecks,
  model: required(anything),
  calibration: required(anything),
  thresholds: anything,
  positiveClass: checkIndex,
}

/**
 * Finds the sparsest round whose decisions provably differ from the dense network's on at most a
 * given share of new samples: a promise without a single label.
 *
 * The decision is the class of the largest output, or an alarm where the log-odds of
 * `positiveClass` reach the round's threshold. `certifyDecisions` has the test.
 *
 * @param rounds Finished rounds, the densities not rising; the first is the reference.
 * @param options The model, inputs without labels, the largest share and the confidence.
 * @returns The certificate: plain data. No tensor is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, samples do not fit the model,
 *   or only one of `thresholds` and `positiveClass` is given.
 * @throws {RangeError} If an option is outside its range, samples are too few (the message names
 *   the number) or were used before, thresholds are not one finite number a round, the class is not
 *   the model's, or a round does not fit the model.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { certifyAgreement } from 'tfjs-prune/certify'
 *
 * const samples = (count: number) => {
 *   const ys = Int32Array.from({ length: count }, (_, i) => i % 2)
 *   return { xs: tensor2d(Array.from(ys, (label, i) => [4 * label - 2, Math.sin(i)])), ys }
 * }
 * const data = samples(32)
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const calibration = { xs: samples(200).xs } // no labels
 * const promise = { maximumDisagreement: 0.05, confidence: 0.95 }
 * const { accepted } = await certifyAgreement(rounds, { model, calibration, ...promise })
 * if (accepted?.round !== 1) throw new Error('both networks decide alike')
 * ```
 */
export async function certifyAgreement(
  rounds: readonly Round[],
  options: CertifyAgreementOptions,
): Promise<AgreementCertificate> {
  checkOptions(options, { task, checks })
  const { model, calibration, thresholds, positiveClass, batchSize, signal } = options
  const use = { task, reuses: options.reusesCalibration }
  checkModel(model, task)
  checkOrder(rounds)
  checkThresholds(options, rounds.length)
  const samples = countInputs(calibration, { task, name: 'calibration' })
  checkUnseen(calibration as Parameters<typeof checkUnseen>[0])
  checkFirstUse(calibration, { ...use, name: 'calibration' })
  const plan = makeAgreementPlan({ ...copyOptions(options, checks), samples }, rounds.length)
  const output = outputOf(model, { task, output: options.output ?? 'auto' })
  let reference: NumberArray | undefined
  let reused: boolean | undefined
  const test = async (round: Round) => {
    const xs = { xs: calibration.xs, samples }
    signal?.throwIfAborted()
    const rows = await readLogRows(model, xs, { task, output, batchSize, signal })
    reused ??= markUse({ calibration }, use)
    const place = rounds.indexOf(round)
    const decisions =
      thresholds === undefined
        ? largestOutputs(rows)
        : alarms(rows, { positiveClass: positiveClass!, threshold: thresholds[place]! })
    reference ??= decisions
    return testDecisions({ round: round.round, density: round.density, decisions }, reference, plan)
  }
  const tested = await testRounds(model, rounds, { task, test })
  return concludeRates(plan, tested, { reused }) as AgreementCertificate
}

function checkThresholds(
  { model, thresholds, positiveClass }: CertifyAgreementOptions,
  rounds: number,
): void {
  const cannot = `Cannot ${task}: expected`
  if ((thresholds === undefined) !== (positiveClass === undefined)) {
    const names = ['thresholds', 'positiveClass']
    const [wanted, got] = thresholds === undefined ? names : names.reverse()
    throw new TypeError(`${cannot} ${wanted} as well, got ${got} only`)
  }
  if (thresholds === undefined) return
  if (!Array.isArray(thresholds) || thresholds.length !== rounds) {
    const got = Array.isArray(thresholds) ? thresholds.length : typeof thresholds
    throw new TypeError(`${cannot} a list of ${rounds} thresholds, one for each round, got ${got}`)
  }
  checkNumbers(thresholds, { task, wanted: 'finite thresholds', accepts: Number.isFinite })
  const classes = Math.max(Number(model.outputs[0]?.shape.at(-1)), 2)
  if (positiveClass! < classes) return
  const wanted = `positiveClass to be below the ${classes} classes of the model`
  throw new RangeError(`${cannot} ${wanted}, got ${positiveClass}`)
}

function largestOutputs({ values, classes }: LogRows): number[] {
  return Array.from({ length: values.length / classes }, (_, i) => {
    let place = 0
    for (let k = 1; k < classes; k++)
      if (values[i * classes + k]! > values[i * classes + place]!) place = k
    return place
  })
}

function alarms(
  rows: LogRows,
  { positiveClass, threshold }: { positiveClass: number; threshold: number },
): number[] {
  return Array.from(logOdds(rows, positiveClass), (score) => Number(score >= threshold))
}
