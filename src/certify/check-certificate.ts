import { checkSide } from '../internal/check-side.js'
import { describe } from '../internal/describe.js'
import { checkIndex, checkNumber } from '../internal/option-checks.js'
import { type Certificate, type CertifiedLevel, factsOf } from './certificate.js'
import { checkDensity, checkFingerprintForm } from './check-facts.js'
import { checkLevels } from './check-levels.js'
import { findContradiction } from './find-contradiction.js'
import { checkMethod } from './method.js'
import { type Risks, riskChecks } from './risks.js'

/** Beyond it the tails of the binomial distribution are not exact. */
const MOST_SAMPLES = 2 ** 24

const SHARES = ['falsePositiveRate', 'falseNegativePValue', 'falsePositivePValue'] as const
const COUNTS = [
  'positiveClass',
  'positives',
  'negatives',
  'mostFalseNegatives',
  'mostFalsePositives',
] as const

/** Throws unless `value` is a certificate of this version whose numbers agree with each other. */
export function checkCertificate(value: unknown, task: string): asserts value is Certificate {
  const certificate = checkObject(value, 'the certificate', task) as unknown as Certificate
  checkKind(certificate, task)
  checkVersion(certificate.version, task)
  for (const [name, check] of Object.entries(riskChecks))
    check(certificate[name as keyof Risks], { task, name })
  checkMethod(certificate.method, { task, name: 'method' })
  for (const name of COUNTS) {
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
  const left = factsOf(certificate.method).find((fact) => !voidedBy.includes(fact))
  if (left !== undefined)
    throw new RangeError(`Cannot ${task}: expected voidedBy to name "${left}", got none such`)
  if (!Array.isArray(tested)) throw wrongType(task, 'a list at tested', tested)
  tested.forEach((level, index) => void checkLevel(level, `tested[${index}]`, task))
  if (certificate.accepted !== null) checkLevel(certificate.accepted, 'accepted', task)
  const contradiction = findContradiction(certificate)
  if (contradiction) throw new RangeError(`Cannot ${task}: expected ${contradiction}`)
}

/** Throws where it is a certificate of other rates, which have a kind. */
function checkKind(certificate: object, task: string): void {
  if (!('kind' in certificate)) return
  const wanted = 'a certificate of certify, certifyScores, certifyFront or certifyFiles'
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got one on ${certificate.kind}`)
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
  for (const share of SHARES) {
    checkNumber(level[share], { ...inUnit, name: `${name}.${share}` })
  }
  checkDensity(level.density, { task, name: `${name}.density` })
  const finite = { task, wanted: 'a finite number', accepts: Number.isFinite }
  checkNumber(level.threshold, { ...finite, name: `${name}.threshold` })
  if (typeof level.passed !== 'boolean')
    throw wrongType(task, `true or false at ${name}.passed`, level.passed)
  checkFile(level, name, task)
}

/** The facts of a file, which a level may have. */
function checkFile({ type, bytes, fingerprint }: CertifiedLevel, name: string, task: string): void {
  if (type !== undefined && typeof type !== 'string')
    throw wrongType(task, `a text at ${name}.type`, type)
  if (bytes !== undefined) checkIndex(bytes, { task, name: `${name}.bytes` })
  checkFingerprintForm(fingerprint, { task, name: `${name}.fingerprint` })
}

function wrongType(task: string, wanted: string, got: unknown): TypeError {
  const kind = describe(got)
  return new TypeError(`Cannot ${task}: expected ${wanted}, got ${kind}`)
}
