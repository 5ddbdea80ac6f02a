import { checkClasses } from '../../internal/metric-checks.js'
import type { NumberArray } from '../../types.js'
import { checkApart } from '../check-apart.js'
import { concludeRates, type RatePlan } from '../rates/conclude-rates.js'
import { testRate } from '../rates/test-rate.js'
import type { CertifiedClassLevel, ClassCertificate } from './class-certificate.js'
import { type ClassLimits, limitedClasses, promisesFor } from './class-limits.js'
import { heaviestClass } from './decide-class.js'
import { type ClassScores, missesOf, rowsOf, tuneWeights } from './tune-weights.js'

/** The promise of a certificate on classes. */
export interface ClassPromise {
  /** Largest rate of misses P(predicted != k | class k) by class, each in (0, 1). */
  readonly maximumFalseNegativeRates: ClassLimits
  /** Probability that all of them hold, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
  /**
   * Chance with which the test of each class is to pass: the rule aims that far below the limits.
   * @default 0.9
   */
  readonly passProbability?: number
}

/** The numbers that all rounds share. */
export interface ClassPlan extends RatePlan {
  readonly kind: 'classes'
  readonly classes: number
  readonly passProbability: number
}

/** Throws where the labels of a split are no classes of the model or leave out a limited class. */
export function checkSplit(
  labels: NumberArray,
  given: { readonly name: string; readonly classes: number; readonly limits: ClassLimits } & {
    readonly task: string
  },
): void {
  const { name, classes, limits, task } = given
  const cannot = `Cannot ${task}: expected`
  checkClasses(labels, `${cannot} ${name} label`)
  const all = Array.from(labels)
  const outside = all.findIndex((label) => label >= classes)
  if (outside >= 0) {
    const got = `${all[outside]} for sample ${outside}`
    throw new RangeError(`${cannot} ${name} labels below the ${classes} classes, got ${got}`)
  }
  const limited = limitedClasses(limits)
  const unknown = limited.find((index) => index >= classes)
  if (unknown !== undefined)
    throw new RangeError(`${cannot} rates of the ${classes} classes, got class ${unknown}`)
  const missing = limited.filter((index) => !all.includes(index))
  if (missing.length === 0) return
  const classesNamed = `${missing.length > 1 ? 'classes' : 'class'} ${missing.join(', ')}`
  throw new RangeError(`${cannot} ${name} samples of ${classesNamed}, got none`)
}

/** Fixes the promises from the calibration labels. Throws where a class has too few samples. */
export function makeClassPlan(
  labels: NumberArray,
  {
    maximumFalseNegativeRates: limits,
    confidence,
    passProbability = 0.9,
    ...rest
  }: ClassPromise & { readonly classes: number; readonly levels: number; readonly task: string },
): ClassPlan {
  const { classes, levels, task } = rest
  const promises = promisesFor(limits, { labels, confidence, task })
  return { kind: 'classes', confidence, levels, promises, classes, passProbability }
}

/** One round's scores of both splits. */
export interface ClassLevel {
  readonly round: number
  readonly density: number
  readonly tuning: ClassScores
  readonly calibration: ClassScores
}

/** Throws where both splits hold the same samples: the weights would be tested on their own. */
export function checkApartSplits(
  { tuning, calibration }: Pick<ClassLevel, 'tuning' | 'calibration'>,
  task: string,
): void {
  const [own, others] = [tuning.probabilities, calibration.probabilities]
  checkApart({ tuning: { scores: own }, calibration: { scores: others } }, { task })
}

/** Chooses the weights on the tuning samples, then tests each limited class on the others. */
export function testClassLevel(
  { round, density, tuning, calibration }: ClassLevel,
  plan: ClassPlan,
): CertifiedClassLevel {
  const { promises, classes, confidence } = plan
  const { weights, feasible, tuned } = tuneWeights(tuning, plan)
  const tests = promises.map((promise) => {
    const rows = rowsOf(calibration, { class: promise.class!, classes })
    return testRate(missesOf(rows, promise.class!, weights), promise, confidence)
  })
  const { labels, probabilities } = calibration
  const errors = Array.from(labels).filter((label, i) => {
    return heaviestClass(probabilities, i * classes, weights) !== label
  }).length
  const passed = feasible && tests.every((test) => test.passed)
  const rule = { weights, feasible, tuned, errorRate: errors / labels.length }
  return { round, density, ...rule, tests, passed }
}

/** Puts the certificate together. */
export function concludeClasses(
  { kind, confidence, levels, promises }: ClassPlan,
  tested: readonly CertifiedClassLevel[],
  reused?: boolean,
): ClassCertificate {
  const plan = { kind, confidence, levels, promises }
  return concludeRates(plan, tested, { whyRefused: whyInfeasible, reused }) as ClassCertificate
}

function whyInfeasible({ round, feasible, tuned }: CertifiedClassLevel): string | undefined {
  if (feasible) return undefined
  const rates = tuned.map(({ class: index, misses, samples }) => {
    return `${misses} of ${samples} of class ${index}`
  })
  return `round ${round} cannot keep the limits on the tuning samples, it misses ${rates.join(' and ')} at best`
}
