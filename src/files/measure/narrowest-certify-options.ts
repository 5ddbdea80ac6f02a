import type { CalibrationData } from '../../certify/calibration-data.js'
import { checkDensity } from '../../certify/check-facts.js'
import { type Risks, riskChecks } from '../../certify/risks.js'
import { type CertifyRunOptions, runChecks } from '../../certify/run-options.js'
import type { TuningData } from '../../certify/tuning-data.js'
import { checkOptions, type OptionCheck, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { anything, checkIndex, required } from '../../internal/option-checks.js'
import type { NumberArray, RoundReport } from '../../types.js'

/** The option `certify` of {@link narrowest}: a promise on new data, and the samples for it. */
export interface NarrowestCertifyOptions extends Risks, Omit<CertifyRunOptions, 'signal'> {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /** Column of a head with several labels a sample. @default the model chooses one class */
  readonly label?: number
  /** Samples that nothing else was done with. */
  readonly calibration: CalibrationData
  /**
   * Samples that the thresholds come from, none of them among the calibration samples.
   *
   * @default the scores and labels that `evaluate` returns, as `evaluateOn` does
   */
  readonly tuning?: TuningData
  /** Indices of all samples used so far; needs `indices` of `calibration`. */
  readonly trainedOn?: NumberArray
  /**
   * The round that the model stands at, for the certificate to name.
   *
   * @default round 0, and the density of the mask, or 1 without a mask
   */
  readonly round?: Pick<RoundReport, 'round' | 'density'>
}

const checkRound: OptionCheck = (value, { task, name }) => {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`Cannot ${task}: expected a round as ${name}, got ${describe(value)}`)
  const { round, density } = value as Partial<RoundReport>
  checkIndex(round, { task, name: `${name}.round` })
  checkDensity(density, { task, name: `${name}.density` })
}

const { signal: _, ...running } = runChecks
const checks: OptionChecks<NarrowestCertifyOptions> = {
  ...riskChecks,
  ...running,
  positiveClass: required(checkIndex),
  label: checkIndex,
  calibration: required(anything),
  tuning: anything,
  trainedOn: anything,
  round: checkRound,
}

/** Throws unless the value has all that a certificate needs; samples are checked later. */
export const checkCertify: OptionCheck = (value) =>
  checkOptions(value as NarrowestCertifyOptions, { task: 'certify', checks })
