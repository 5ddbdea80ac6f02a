import { describe } from '../../internal/describe.js'
import type { AgreementCertificate } from '../agreement/agreement-certificate.js'
import type { ClassCertificate } from '../classes/class-certificate.js'
import type { PositivesCertificate } from '../positives/positives-certificate.js'
import { checkRateCertificate } from '../rates/check-rate-certificate.js'
import { checkKind } from './check-kind.js'

/** A certificate of any kind that bounds counted rates; `kind` tells which. */
export type AnyRateCertificate = ClassCertificate | AgreementCertificate | PositivesCertificate

/**
 * Reads a certificate of `certifyClasses`, `certifyAgreement` or `certifyPositives` from JSON.
 *
 * All numbers are worked out anew from the counts, so that a certificate whose numbers contradict
 * each other, or that was cut off, is refused. Densities, weights and texts stand for themselves:
 * only the samples could prove them. It is no signature. Sibling of `parseCertificate`.
 *
 * @param json The text that `JSON.stringify` made of a certificate.
 * @returns The certificate, equal to the one that was written.
 * @throws {TypeError} If `json` is no text, or a field is missing or of another type: the message
 *   names it.
 * @throws {RangeError} If the text is no JSON, version or kind is unknown, a number is out of
 *   range, or fields contradict each other.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from 'node:assert'
 * import { certifyDecisions, parseRateCertificate } from 'tfjs-prune/certify'
 *
 * const levels = [{ round: 0, density: 1, decisions: new Uint8Array(100) }]
 * const certificate = certifyDecisions(levels, { maximumDisagreement: 0.05, confidence: 0.95 })
 * deepStrictEqual(parseRateCertificate(JSON.stringify(certificate)), certificate)
 * ```
 */
export function parseRateCertificate(json: string): AnyRateCertificate {
  const task = 'read the certificate'
  if (typeof json !== 'string')
    throw new TypeError(`Cannot ${task}: expected a text, got ${describe(json)}`)
  const value = parsed(json, task)
  checkRateCertificate(value, task)
  checkKind(value, task)
  return value as AnyRateCertificate
}

function parsed(json: string, task: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new RangeError(
      `Cannot ${task}: expected JSON, got another text (${(error as Error).message})`,
    )
  }
}
