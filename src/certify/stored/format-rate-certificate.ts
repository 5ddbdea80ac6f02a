import type { CertifiedClassLevel } from '../classes/class-certificate.js'
import { checkRateCertificate } from '../rates/check-rate-certificate.js'
import type { RateCertificate, TestedRound } from '../rates/rate-certificate.js'
import { errorOf } from '../risks.js'
import { checkKind } from './check-kind.js'

/**
 * Writes a certificate of `certifyClasses`, `certifyAgreement` or `certifyPositives` as text for
 * people: the promise, its samples, the levels tested and the facts that void it. Sibling of
 * `formatCertificate`.
 *
 * @param certificate The certificate, as it was made or read.
 * @returns Lines of text without a line break at the end.
 * @throws {TypeError | RangeError} If it is no certificate, or contradicts itself.
 *
 * @example
 * ```ts
 * import { certifyDecisions, formatRateCertificate } from 'tfjs-prune/certify'
 *
 * const levels = [{ round: 0, density: 1, decisions: new Uint8Array(100) }]
 * const certificate = certifyDecisions(levels, { maximumDisagreement: 0.05, confidence: 0.95 })
 * const text = formatRateCertificate(certificate)
 * if (!text.startsWith('ACCEPTED round 0')) throw new Error(text)
 * ```
 */
export function formatRateCertificate(certificate: RateCertificate): string {
  const task = 'print the certificate'
  checkRateCertificate(certificate, task)
  checkKind(certificate, task)
  const { accepted, promises, tested, levels, confidence, reason, voidedBy } = certificate
  const rates = promises.map(({ of, maximumRate }) => `share of ${of} > ${maximumRate}`)
  const counts = promises.map(({ of, samples }) => `${samples} samples for the ${of}`)
  return [
    accepted
      ? `ACCEPTED round ${accepted.round}, density ${short(accepted.density)}${ruleOf(accepted)}`
      : 'REFUSED, no round is accepted',
    ...(accepted ? [`P(${rates.join(', or ')}) <= ${errorOf(confidence)}`] : []),
    `stands on ${counts.join(', ')}; ${levels} levels, each at the whole ${errorOf(confidence)}`,
    ...tested.flatMap((level) => linesOf(level, certificate)),
    reason,
    'void if',
    ...voidedBy.map((fact) => `- ${fact}`),
  ].join('\n')
}

/** The decision rule of a level, where it has one. */
function ruleOf(level: TestedRound): string {
  const { weights } = level as Partial<CertifiedClassLevel>
  const { threshold } = level as { readonly threshold?: number }
  if (threshold !== undefined) return `, threshold ${threshold}`
  return weights ? `, weights ${weights.map(short).join(' ')}` : ''
}

function linesOf(level: TestedRound, { promises }: RateCertificate): string[] {
  const { feasible, errorRate } = level as Partial<CertifiedClassLevel>
  const price = errorRate === undefined ? '' : `, ${short(100 * errorRate)} % of all wrong`
  const outcome = feasible === false ? 'infeasible' : level.passed ? 'passed' : 'failed'
  return [
    `round ${level.round}, density ${short(level.density)}: ${outcome}${price}`,
    ...level.tests.map(({ events, rate, pValue, passed }, i) => {
      const { of, samples } = promises[i]!
      const share = `${events} of ${samples} (${short(rate)})`
      return `  ${of}  ${share}  p ${short(pValue)}  ${passed ? 'passed' : 'failed'}`
    }),
  ]
}

function short(value: number): string {
  return `${Number(value.toPrecision(4))}`
}
