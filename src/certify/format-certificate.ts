import type { Certificate } from './certificate.js'
import { checkCertificate } from './check-certificate.js'
import { nameOf } from './conclude.js'
import { isSequence } from './method.js'
import { errorOf, symbolsOf } from './risks.js'

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
  const { accepted, positives, negatives, mostFalseNegatives, mostFalsePositives } = certificate
  const outcome = accepted
    ? `ACCEPTED ${nameOf(accepted)}, density ${short(accepted.density)}, threshold ${accepted.threshold}`
    : 'REFUSED, no round is accepted'
  return [
    outcome,
    ...(accepted?.bytes === undefined ? [] : [`a file of ${accepted.bytes} bytes`]),
    ...(accepted?.fingerprint === undefined
      ? []
      : [`weights with the fingerprint ${accepted.fingerprint}`]),
    ...(accepted ? promiseOf(certificate) : []),
    `stands on ${positives} positives and ${negatives} negatives, ${methodOf(certificate)}`,
    `passes with at most ${mostFalseNegatives} missed positives and ${mostFalsePositives} false positives`,
    ...tableOf(certificate),
    certificate.reason,
    'void if',
    ...certificate.voidedBy.map((text) => `- ${text}`),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

function promiseOf(certificate: Certificate): string[] {
  const { positiveClass, label, method } = certificate
  const { alpha, beta, delta } = symbolsOf(certificate)
  const of = `class ${positiveClass}${label === undefined ? '' : ` of label ${label}`}`
  const [missed, alarms] = [
    `false-negative rate of ${of} > ${alpha}`,
    `false-positive rate > ${beta}`,
  ]
  if (isSequence(method)) return [`P(${missed} or ${alarms}) <= ${delta}`]
  return [`P(${missed}) <= ${delta}`, `P(${alarms}) <= ${delta}`]
}

function methodOf({ method, levels, confidence }: Certificate): string {
  const delta = errorOf(confidence)
  if (method === 'bonferroni')
    return `${levels} levels that share the error of ${delta} (bonferroni); thresholds are scores of the positives`
  const things = method === 'pareto' ? 'files of a front' : 'levels'
  return `${things}: ${levels}, each at an error of ${delta} until the first that fails (${method}); thresholds from tuning samples`
}

/** A line for each level, in columns of the same width. */
function tableOf({ tested, positives, negatives }: Certificate): string[] {
  const rows = tested.map((level) => [
    `${level.round}`,
    ...(level.type === undefined ? [] : [level.type, `${level.bytes}`]),
    short(level.density),
    short(level.threshold),
    `${level.falseNegatives} of ${positives}`,
    short(level.falseNegativePValue),
    `${level.falsePositives} of ${negatives} (${short(level.falsePositiveRate)})`,
    short(level.falsePositivePValue),
    level.passed ? 'passed' : 'failed',
  ])
  const file = tested[0]?.type === undefined ? [] : ['type', 'bytes']
  const errors = ['missed positives', 'p', 'false positives', 'p', '']
  const lines = [['round', ...file, 'density', 'threshold', ...errors], ...rows]
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]!.length)),
  )
  return lines.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i]!)).join('  '))
}

/** To four digits, but for the largest number, which would round up to infinity. */
function short(value: number): string {
  const rounded = Number(value.toPrecision(4))
  return `${Number.isFinite(rounded) ? rounded : value}`
}
