import { samplesToProve } from '../internal/provable-rate.js'
import type { Certificate, CertifiedLevel } from './certificate.js'
import { errorOfLevel } from './method.js'
import { mostErrors } from './plan.js'
import { symbolsOf } from './risks.js'
import { verdictOf } from './test-level.js'

/** The first field of a certificate that contradicts the others, in words; undefined if none does. */
export function findContradiction(certificate: Certificate): string | undefined {
  return wrongCounts(certificate) ?? wrongTests(certificate) ?? wrongAccepted(certificate)
}

function wrongCounts(certificate: Certificate): string | undefined {
  const { positives, negatives, levels, tested } = certificate
  const { alpha, beta, delta } = symbolsOf(certificate)
  const positivesLeast = samplesToProve(alpha, errorOfLevel(certificate, certificate))
  if (positives < positivesLeast) return `at least ${positivesLeast} positives, got ${positives}`
  const negativesLeast = samplesToProve(beta, delta)
  if (negatives < negativesLeast) return `at least ${negativesLeast} negatives, got ${negatives}`
  const most = mostErrors(certificate, certificate)
  for (const name of ['mostFalseNegatives', 'mostFalsePositives'] as const) {
    if (certificate[name] === most[name]) continue
    return `${name} of ${most[name]}, the most that can pass, got ${certificate[name]}`
  }
  if (tested.length >= 1 && tested.length <= levels) return undefined
  return `1 to ${levels} tested levels, got ${tested.length}`
}

function wrongTests(certificate: Certificate): string | undefined {
  const { levels, tested } = certificate
  for (const [index, level] of tested.entries()) {
    const wrong = wrongLevel(level, certificate)
    if (wrong) return `tested[${index}].${wrong}`
    const before = tested[index - 1]
    if (before && !follows(level, before, certificate)) {
      const [wanted, got] = orderOf(level, certificate)
      return `tested[${index}] to be ${wanted} than the one before, got ${got}`
    }
    const last = index === tested.length - 1
    if (!level.passed && !last)
      return `no test after the first that failed, got ${tested.length - 1 - index}`
    if (level.passed && last && tested.length < levels)
      return `a test of all ${levels} levels, got ${tested.length}`
  }
  return undefined
}

function wrongAccepted({ tested, accepted }: Certificate): string | undefined {
  const wanted = tested.findLast(({ passed }) => passed) ?? null
  const keys = Object.keys({ ...wanted, ...accepted }) as (keyof CertifiedLevel)[]
  const same = keys.every((key) => wanted?.[key] === accepted?.[key])
  if (same && (wanted === null) === (accepted === null)) return undefined
  return `accepted to be ${wanted ? `round ${wanted.round} as tested` : 'null'}, got another level`
}

/** Whether a level may stand behind another one: sparser, or on a front smaller. */
function follows(level: CertifiedLevel, before: CertifiedLevel, { method }: Certificate): boolean {
  if (method === 'pareto') return level.bytes! < before.bytes!
  return level.round > before.round && level.density <= before.density
}

function orderOf({ round, bytes }: CertifiedLevel, { method }: Certificate): [string, string] {
  if (method === 'pareto') return ['a smaller file', `${bytes} bytes`]
  return ['a later and no denser round', `round ${round}`]
}

function wrongLevel(level: CertifiedLevel, certificate: Certificate): string | undefined {
  const { method, positives, negatives, mostFalseNegatives } = certificate
  const { falseNegatives, falsePositives, falsePositiveRate, passed, type, bytes } = level
  for (const [name, value] of Object.entries({ type, bytes })) {
    if ((value === undefined) === (method !== 'pareto')) continue
    return `${name} ${method === 'pareto' ? 'of its file' : `to be left out by ${method}`}, got ${value}`
  }
  const mostMisses = method === 'bonferroni' ? mostFalseNegatives : positives
  if (falseNegatives > mostMisses)
    return `falseNegatives of at most ${mostMisses}, got ${falseNegatives}`
  if (falsePositives > negatives)
    return `falsePositives of at most ${negatives}, got ${falsePositives}`
  const { passed: isPass, ...pValues } = verdictOf(level, certificate)
  const wanted = { falsePositiveRate: falsePositives / negatives, ...pValues }
  const got = { ...level, falsePositiveRate }
  for (const name of Object.keys(wanted) as (keyof typeof wanted)[]) {
    if (!isNear(got[name], wanted[name])) return `${name} of ${wanted[name]}, got ${got[name]}`
  }
  return passed === isPass ? undefined : `passed to be ${isPass}, got ${passed}`
}

/** Equal but for the rounding of another machine's logarithms. */
function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= 1e-9 * Math.abs(wanted) + Number.MIN_VALUE
}
