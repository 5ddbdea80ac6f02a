import type { Certificate, CertifiedLevel } from './certificate.js'
import { checkCertificate } from './check-certificate.js'
import { symbolsOf } from './risks.js'

/**
 * Writes a certificate as text for people: the promise, its samples, the levels tested and the
 * facts that void it.
 *
 * @param certificate A certificate of `certify`, `certifyScores` or `parseCertificate`.
 * @returns Lines of text without a line break at the end.
 * @throws {TypeError | RangeError} If it is no certificate, or contradicts itself.
 *
 * @example
 * ```ts
 * import { certifyScores, formatCertificate } from 'tfjs-prune/certify'
 *
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const levels = [{ round: 0, density: 1, labels, scores: Float64Array.from(labels) }]
 * const text = formatCertificate(certifyScores(levels, { positiveClass: 1, maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }))
 * if (!text.startsWith('ACCEPTED round 0')) throw new Error(text)
 * ```
 */
export function formatCertificate(certificate: Certificate): string {
  checkCertificate(certificate, 'print the certificate')
  const { accepted, positiveClass, positives, negatives, levels, order, tested } = certificate
  const { alpha, beta, delta } = symbolsOf(certificate)
  const { label } = certificate
  const of = `class ${positiveClass}${label === undefined ? '' : ` of label ${label}`}`
  const outcome = accepted
    ? `ACCEPTED round ${accepted.round}, density ${short(accepted.density)}, threshold ${accepted.threshold}`
    : 'REFUSED, no round is accepted'
  const promise = accepted
    ? [
        `P(false-negative rate of ${of} > ${alpha}) <= ${delta}`,
        `P(false-positive rate > ${beta}) <= ${delta}`,
      ]
    : []
  const rank = `threshold = the score of rank ${order} of the positives, from below`
  return [
    outcome,
    ...promise,
    `stands on ${positives} positives and ${negatives} negatives, ${levels} levels; ${rank}`,
    'round  density  threshold  missed positives  false positives  p  ',
    ...tested.map((level) => formatLevel(level, certificate)),
    certificate.reason,
    'void if',
    ...certificate.voidedBy.map((text) => `- ${text}`),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

function formatLevel(level: CertifiedLevel, { positives, negatives }: Certificate): string {
  const {
    round,
    density,
    threshold,
    falseNegatives,
    falsePositives,
    falsePositiveRate,
    pValue,
    passed,
  } = level
  return [
    `${round}`.padEnd(5),
    short(density).padEnd(7),
    short(threshold).padEnd(9),
    `${falseNegatives} of ${positives}`.padEnd(16),
    `${falsePositives} of ${negatives} (${short(falsePositiveRate)})`.padEnd(15),
    short(pValue),
    passed ? 'passed' : 'failed',
  ].join('  ')
}

function short(value: number): string {
  return `${Number(value.toPrecision(4))}`
}
