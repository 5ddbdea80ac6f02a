import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkFinite, checkIndex, required } from '../internal/option-checks.js'
import type { Certificate } from './certificate.js'
import { checkCertificate, checkLabel } from './check-certificate.js'

/** The score from which on a sample counts as positive. */
export interface DecisionThreshold {
  /**
   * Positive if and only if score >= threshold, in the unit of the scores: log-odds if `certify`
   * chose it.
   */
  readonly threshold: number
  /** Class that the score is of. */
  readonly positiveClass: number
  /** Column of a head with several labels a sample. @default a sample has one class */
  readonly label?: number
  /** The certificate that the threshold comes from. */
  readonly certificate?: Certificate
}

const checks: OptionChecks<DecisionThreshold> = {
  threshold: required(checkFinite),
  positiveClass: required(checkIndex),
  label: checkIndex,
  certificate: anything,
}

/** Place of the library's entries in the metadata of a model or a file. */
export const METADATA_KEY = 'tfjs-prune'

/**
 * The decision threshold among the library's entries; undefined where there is none.
 *
 * @throws {TypeError | RangeError} If it is broken.
 */
export function storedDecision(entries: unknown, task: string): DecisionThreshold | undefined {
  const own = entries as Readonly<Record<string, unknown>> | null | undefined
  const decision: unknown = own?.decisionThreshold
  if (decision === undefined) return undefined
  checkDecision(decision, task)
  return structuredClone(decision)
}

/** Throws unless the value is a decision threshold that agrees with its certificate. */
export function checkDecision(
  decision: unknown,
  task: string,
): asserts decision is DecisionThreshold {
  checkOptions(decision as DecisionThreshold, { task, checks })
  const { threshold, positiveClass, label, certificate } = decision as DecisionThreshold
  checkLabel(decision as DecisionThreshold, task)
  if (certificate === undefined) return
  checkCertificate(certificate, task)
  const { accepted } = certificate
  if (!accepted)
    throw new RangeError(
      `Cannot ${task}: expected a certificate that accepts a round, got a refused one`,
    )
  if (accepted.threshold !== threshold) {
    throw new RangeError(
      `Cannot ${task}: expected the certified threshold ${accepted.threshold}, got ${threshold}`,
    )
  }
  for (const [name, wanted, got] of [
    ['positiveClass', certificate.positiveClass, positiveClass],
    ['label', certificate.label, label],
  ] as const) {
    if (wanted === got) continue
    const certified = `the certified ${wanted ?? 'none'} as ${name}`
    throw new RangeError(`Cannot ${task}: expected ${certified}, got ${got ?? 'none'}`)
  }
}
