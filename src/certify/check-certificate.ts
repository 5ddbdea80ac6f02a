import { binomialCdf } from '../internal/binomial.js'
import { checkSide } from '../internal/check-side.js'
import { describe } from '../internal/describe.js'
import { isAtMost } from '../internal/is-at-most.js'
import { checkIndex, checkNumber } from '../internal/option-checks.js'
import { samplesToProve } from '../internal/provable-rate.js'
import { type Certificate, type CertifiedLevel, VOIDED_BY } from './certificate.js'
import { checkLevels } from './check-levels.js'
import { neymanPearsonOrder } from './neyman-pearson-threshold.js'
import { type Risks, riskChecks, symbolsOf } from './risks.js'

/** Beyond it the tails of the binomial distribution are not exact. */
const MOST_SAMPLES = 2 ** 24

/** Throws unless `value` is a certificate of this version whose numbers agree with each other. */
export function checkCertificate(value: unknown, task: string): asserts value is Certificate {
  const certificate = checkObject(value, 'the certificate', task) as unknown as Certificate
  checkVersion(certificate.version, task)
  for (const [name, check] of Object.entries(riskChecks))
    check(certificate[name as keyof Risks], { task, name })
  for (const name of ['positiveClass', 'positives', 'negatives', 'order'] as const) {
    checkIndex(certificate[name], { task, name })
    const { [name]: count } = certificate
    if (count < MOST_SAMPLES) continue
    throw new RangeError(`Cannot ${task}: expected ${name} below ${MOST_SAMPLES}, got ${count}`)
  }
  checkLevels(certificate.levels, { task, name: 'levels' })
  checkLabel(certificate, task)
  if (typeof certificate.reason !== 'string')
    throw wrongType(task, 'a text at reason', certificate.reason)
  const { tested, voidedBy } = certificate
  if (!Array.isArray(voidedBy) || !voidedBy.every((text) => typeof text === 'string')) {
    throw wrongType(task, 'a list of texts at voidedBy', voidedBy)
  }
  const left = VOIDED_BY.find((fact) => !voidedBy.includes(fact))
  if (left !== undefined)
    throw new RangeError(`Cannot ${task}: expected voidedBy to name "${left}", got none such`)
  if (!Array.isArray(tested)) throw wrongType(task, 'a list at tested', tested)
  tested.forEach((level, index) => void checkLevel(level, `tested[${index}]`, task))
  if (certificate.accepted !== null) checkLevel(certificate.accepted, 'accepted', task)
  const contradiction = findContradiction(certificate)
  if (contradiction) throw new RangeError(`Cannot ${task}: expected ${contradiction}`)
}

/** Throws unless a label is an index whose positive class is 0 or 1; a certificate may have none. */
export function checkLabel(
  { label, positiveClass }: Pick<Certificate, 'label' | 'positiveClass'>,
  task: string,
): void {
  if (label === undefined) return
  checkIndex(label, { task, name: 'label' })
  checkSide({ label, positiveClass }, task)
}

function checkObject(value: unknown, name: string, task: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw wrongType(task, `an object as ${name}`, value)
}

function checkVersion(version: unknown, task: string): void {
  if (version === 1) return
  throw new RangeError(
    `Cannot ${task}: expected version 1 of a certificate, got ${describe(version)}`,
  )
}

function checkLevel(value: unknown, name: string, task: string): void {
  const level = checkObject(value, name, task) as unknown as CertifiedLevel
  for (const count of ['round', 'falseNegatives', 'falsePositives'] as const) {
    checkIndex(level[count], { task, name: `${name}.${count}` })
  }
  const inUnit = {
    task,
    wanted: 'a number in [0, 1]',
    accepts: (share: number) => share >= 0 && share <= 1,
  }
  for (const share of ['falsePositiveRate', 'pValue'] as const) {
    checkNumber(level[share], { ...inUnit, name: `${name}.${share}` })
  }
  const dense = {
    task,
    wanted: 'a number in (0, 1]',
    accepts: (share: number) => share > 0 && share <= 1,
  }
  checkNumber(level.density, { ...dense, name: `${name}.density` })
  const finite = { task, wanted: 'a finite number', accepts: Number.isFinite }
  checkNumber(level.threshold, { ...finite, name: `${name}.threshold` })
  if (typeof level.passed !== 'boolean')
    throw wrongType(task, `true or false at ${name}.passed`, level.passed)
}

/** The first field that contradicts the others, in words; undefined if none does. */
function findContradiction(certificate: Certificate): string | undefined {
  const { positives, negatives, levels, order, tested, accepted } = certificate
  const { alpha, beta, delta } = symbolsOf(certificate)
  const share = { alpha, delta: delta / levels }
  if (order !== neymanPearsonOrder(positives, share) || order === 0) {
    return `order to be the largest that ${positives} positives allow, got ${order}`
  }
  const [positivesLeast, negativesLeast] = [
    samplesToProve(alpha, delta / levels),
    samplesToProve(beta, delta),
  ]
  if (positives < positivesLeast) return `at least ${positivesLeast} positives, got ${positives}`
  if (negatives < negativesLeast) return `at least ${negativesLeast} negatives, got ${negatives}`
  if (!(tested.length >= 1 && tested.length <= levels))
    return `1 to ${levels} tested levels, got ${tested.length}`
  for (const [index, level] of tested.entries()) {
    const wrong = findWrong(level, certificate)
    if (wrong) return `tested[${index}].${wrong}`
    const before = tested[index - 1]
    if (before && !(level.round > before.round && level.density <= before.density)) {
      return `tested[${index}] to be a later and no denser round than the one before, got round ${level.round}`
    }
    const last = index === tested.length - 1
    if (!level.passed && !last)
      return `no test after the first that failed, got ${tested.length - 1 - index}`
    if (level.passed && last && tested.length < levels)
      return `a test of all ${levels} levels, got ${tested.length}`
  }
  const wanted = tested.findLast(({ passed }) => passed) ?? null
  const same = (Object.keys(wanted ?? {}) as (keyof CertifiedLevel)[]).every(
    (key) => wanted![key] === accepted?.[key],
  )
  if (!same || (wanted === null) !== (accepted === null)) {
    return `accepted to be ${wanted ? `round ${wanted.round} as tested` : 'null'}, got another level`
  }
  return undefined
}

function findWrong(level: CertifiedLevel, certificate: Certificate): string | undefined {
  const { positives, negatives, order } = certificate
  const { beta, delta } = symbolsOf(certificate)
  const { falseNegatives, falsePositives, falsePositiveRate, pValue, passed } = level
  if (falseNegatives >= Math.min(order, positives))
    return `falseNegatives below the order ${order}, got ${falseNegatives}`
  if (falsePositives > negatives)
    return `falsePositives of at most ${negatives}, got ${falsePositives}`
  const rate = falsePositives / negatives
  if (!isNear(falsePositiveRate, rate))
    return `falsePositiveRate of ${rate}, got ${falsePositiveRate}`
  const exact = binomialCdf(falsePositives, negatives, beta)
  if (!isNear(pValue, exact)) return `pValue of ${exact}, got ${pValue}`
  if (passed !== isAtMost(exact, delta))
    return `passed to be ${!passed} at p ${pValue}, got ${passed}`
  return undefined
}

/** Equal but for the rounding of another machine's logarithms. */
function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= 1e-9 * Math.abs(wanted) + Number.MIN_VALUE
}

function wrongType(task: string, wanted: string, got: unknown): TypeError {
  const kind = describe(got)
  return new TypeError(`Cannot ${task}: expected ${wanted}, got ${kind}`)
}
