import { describe } from '../internal/describe.js'
import type { Certificate } from './certificate.js'
import { checkCertificate } from './check-certificate.js'

/**
 * Reads a certificate from JSON: the inverse of `JSON.stringify(certificate)`.
 *
 * Ranks, rates and p-values are computed again from the counts, so that a certificate whose numbers
 * contradict each other, or that was cut off, is refused. Thresholds, densities, the class and the
 * texts stand for themselves: only the calibration samples could prove them. It is no signature.
 *
 * @param json The text.
 * @returns The certificate, equal to the one that was written.
 * @throws {TypeError} If `json` is no text, or a field is missing or of another type: the message
 *   names it.
 * @throws {RangeError} If the text is no JSON, the version is unknown, a number is out of range, or
 *   fields contradict each other.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from 'node:assert'
 * import { certifyScores, parseCertificate } from 'tfjs-prune/certify'
 *
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const levels = [{ round: 0, density: 1, labels, scores: Float64Array.from(labels) }]
 * const certificate = certifyScores(levels, { positiveClass: 1, maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 })
 * deepStrictEqual(parseCertificate(JSON.stringify(certificate)), certificate)
 * ```
 */
export function parseCertificate(json: string): Certificate {
  const task = 'read the certificate'
  if (typeof json !== 'string') {
    throw new TypeError(`Cannot ${task}: expected a text, got ${describe(json)}`)
  }
  const value = parse(json, task)
  checkCertificate(value, task)
  return value
}

function parse(json: string, task: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new RangeError(
      `Cannot ${task}: expected JSON, got another text (${(error as Error).message})`,
    )
  }
}
