import { describe } from '../../internal/describe.js'
import { isAtMost } from '../../internal/is-at-most.js'
import { checkCount, checkIndex, checkNumber } from '../../internal/option-checks.js'
import { samplesToProve } from '../../internal/provable-rate.js'
import { checkInside } from '../../internal/rate-checks.js'
import { errorOf } from '../risks.js'
import {
  type PromisedRate,
  RATES_VOIDED_BY,
  type RateCertificate,
  type RateTest,
  type TestedRound,
} from './rate-certificate.js'
import { testRate } from './test-rate.js'

/** Beyond it the tails of the binomial distribution are not exact. */
const MOST_SAMPLES = 2 ** 24

type Fields = Readonly<Record<string, unknown>>

/** Throws unless `value` is a certificate on rates whose numbers agree with each other. */
export function checkRateCertificate(
  value: unknown,
  task: string,
): asserts value is RateCertificate {
  const fields = checkFields(value, 'the certificate', task)
  if (fields.version !== 1)
    throw outOfRange(task, 'version 1 of a certificate', describe(fields.version))
  if (!['classes', 'agreement', 'positives'].includes(fields.kind as string))
    throw outOfRange(task, 'the kind of a certificate on rates', describe(fields.kind))
  checkInside(fields.confidence, { task, name: 'confidence' })
  checkCount(fields.levels, { task, name: 'levels' })
  if (typeof fields.reason !== 'string') throw wrongType(task, 'a text at reason', fields.reason)
  const facts = checkList(fields.voidedBy, 'voidedBy', task)
  const left = RATES_VOIDED_BY.find((fact) => !facts.includes(fact))
  if (left !== undefined) throw outOfRange(task, `voidedBy to name "${left}"`, 'none such')
  checkList(fields.promises, 'promises', task).forEach((promise, i) => {
    checkPromise(promise, `promises[${i}]`, task)
  })
  checkList(fields.tested, 'tested', task).forEach((level, i) => {
    checkTested(level, `tested[${i}]`, task)
  })
  const contradiction = findContradiction(value as RateCertificate)
  if (contradiction) throw new RangeError(`Cannot ${task}: expected ${contradiction}`)
}

function checkPromise(value: unknown, name: string, task: string): void {
  const promise = checkFields(value, name, task)
  if (typeof promise.of !== 'string') throw wrongType(task, `a text at ${name}.of`, promise.of)
  if (promise.class !== undefined) checkIndex(promise.class, { task, name: `${name}.class` })
  checkInside(promise.maximumRate, { task, name: `${name}.maximumRate` })
  const wanted = `a whole number in [1, ${MOST_SAMPLES})`
  const accepts = (count: number) => Number.isInteger(count) && count >= 1 && count < MOST_SAMPLES
  checkNumber(promise.samples, { task, name: `${name}.samples`, wanted, accepts })
}

function checkTested(value: unknown, name: string, task: string): void {
  const level = checkFields(value, name, task)
  checkIndex(level.round, { task, name: `${name}.round` })
  const wanted = 'a number in (0, 1]'
  const accepts = (share: number) => share > 0 && share <= 1
  checkNumber(level.density, { task, name: `${name}.density`, wanted, accepts })
  checkFlagAt(level.passed, `${name}.passed`, task)
  checkList(level.tests, `${name}.tests`, task).forEach((test, i) => {
    const fields = checkFields(test, `${name}.tests[${i}]`, task)
    checkIndex(fields.events, { task, name: `${name}.tests[${i}].events` })
    for (const share of ['rate', 'pValue'] as const) {
      const inUnit = (number: number) => number >= 0 && number <= 1
      const rule = { task, wanted: 'a number in [0, 1]', accepts: inUnit }
      checkNumber(fields[share], { ...rule, name: `${name}.tests[${i}].${share}` })
    }
    checkFlagAt(fields.passed, `${name}.tests[${i}].passed`, task)
  })
}

/** The first field that contradicts the others, in words; undefined if none does. */
function findContradiction(certificate: RateCertificate): string | undefined {
  const { promises, confidence, levels, tested, accepted } = certificate
  if (promises.length === 0) return 'at least one promise, got none'
  for (const { of, maximumRate, samples } of promises) {
    const needed = samplesToProve(maximumRate, errorOf(confidence))
    if (samples < needed) return `at least ${needed} samples for the ${of}, got ${samples}`
  }
  if (!(tested.length >= 1 && tested.length <= levels))
    return `1 to ${levels} tested levels, got ${tested.length}`
  for (const [i, level] of tested.entries()) {
    const wrong = findWrongTest(level, promises, confidence) ?? findWrongPlace(tested, i)
    if (wrong) return `tested[${i}]${wrong}`
  }
  if (tested.at(-1)!.passed && tested.length < levels)
    return `a test of all ${levels} levels, got ${tested.length}`
  const wanted = tested.findLast(({ passed }) => passed) ?? null
  if (inOrder(wanted) === inOrder(accepted)) return undefined
  return `accepted to be ${wanted ? `round ${wanted.round} as tested` : 'null'}, got another level`
}

/** A value as text, the fields of objects in the order of their names. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    const isObject = typeof part === 'object' && part !== null && !Array.isArray(part)
    return isObject ? Object.fromEntries(Object.entries(part).sort()) : part
  })
}

function findWrongPlace(tested: readonly TestedRound[], i: number): string | undefined {
  const [level, before] = [tested[i]!, tested[i - 1]]
  if (before && !(level.round > before.round && level.density <= before.density))
    return ` to be a later and no denser round than the one before, got round ${level.round}`
  if (level.passed || i === tested.length - 1) return undefined
  return ` to be the last, since it failed, got ${tested.length - 1 - i} after it`
}

function findWrongTest(
  { tests, passed }: TestedRound,
  promises: readonly PromisedRate[],
  confidence: number,
): string | undefined {
  if (tests.length !== promises.length)
    return `.tests of ${promises.length}, one for each promise, got ${tests.length}`
  for (const [i, test] of tests.entries()) {
    const wrong = findWrongNumber(test, promises[i]!, confidence)
    if (wrong) return `.tests[${i}].${wrong}`
  }
  if (passed && !tests.every((test) => test.passed))
    return '.passed to be false where a test failed, got true'
  return undefined
}

function findWrongNumber(
  test: RateTest,
  promise: PromisedRate,
  confidence: number,
): string | undefined {
  if (test.events > promise.samples)
    return `events of at most ${promise.samples}, got ${test.events}`
  const wanted = testRate(test.events, promise, confidence)
  for (const name of ['rate', 'pValue'] as const) {
    // Another machine's logarithms may round otherwise.
    const apart = Math.abs(test[name] - wanted[name])
    if (!isAtMost(apart, 1e-9 * wanted[name] + Number.MIN_VALUE))
      return `${name} of ${wanted[name]}, got ${test[name]}`
  }
  if (test.passed === wanted.passed) return undefined
  return `passed to be ${wanted.passed} at p ${test.pValue}, got ${test.passed}`
}

/** Throws unless a value is an object that is no list. */
export function checkFields(value: unknown, name: string, task: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw wrongType(task, `an object as ${name}`, value)
}

/** Throws unless a value is a list. */
export function checkList(value: unknown, name: string, task: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw wrongType(task, `a list at ${name}`, value)
}

/** Throws unless a value is true or false. */
export function checkFlagAt(value: unknown, name: string, task: string): void {
  if (typeof value !== 'boolean') throw wrongType(task, `true or false at ${name}`, value)
}

function wrongType(task: string, wanted: string, got: unknown): TypeError {
  return new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(got)}`)
}

function outOfRange(task: string, wanted: string, got: string): RangeError {
  return new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}
