import { describe } from '../../internal/describe.js'
import { checkIndex, checkNumber } from '../../internal/option-checks.js'
import { mostCount } from '../../metrics/counts-of-share.js'
import type { CertifiedClassLevel } from '../classes/class-certificate.js'
import { checkFields, checkFlagAt, checkList } from '../rates/check-rate-certificate.js'
import type { RateCertificate, TestedRound } from '../rates/rate-certificate.js'

/** Throws unless the fields that one kind of certificate has beside the others' are right. */
export function checkKind(certificate: RateCertificate, task: string): void {
  const { kind, promises, tested } = certificate
  const wrong = promises.find((promise) => (promise.class !== undefined) !== (kind === 'classes'))
  if (wrong) {
    const wanted = kind === 'classes' ? 'a class in each promise' : 'no class in a promise'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got the ${wrong.of}`)
  }
  if (kind === 'agreement') return
  for (const [i, level] of tested.entries()) {
    const name = `tested[${i}]`
    if (kind === 'classes') checkClassLevel(level as CertifiedClassLevel, { name, task })
    else checkThreshold(level, { name, task })
    const contradiction = kind === 'classes' && findWrong(level as CertifiedClassLevel, certificate)
    if (contradiction) throw new RangeError(`Cannot ${task}: expected ${name}.${contradiction}`)
  }
}

interface Place {
  readonly name: string
  readonly task: string
}

function checkThreshold(level: TestedRound, { name, task }: Place): void {
  const { threshold } = level as TestedRound & { readonly threshold: unknown }
  const rule = { task, wanted: 'a finite number', accepts: Number.isFinite }
  checkNumber(threshold, { ...rule, name: `${name}.threshold` })
}

function checkClassLevel(level: CertifiedClassLevel, { name, task }: Place): void {
  checkFlagAt(level.feasible, `${name}.feasible`, task)
  const share = { task, wanted: 'a number in [0, 1]', accepts: (n: number) => n >= 0 && n <= 1 }
  checkNumber(level.errorRate, { ...share, name: `${name}.errorRate` })
  const accepts = (weight: number) => Number.isFinite(weight) && weight >= 1
  const rule = { task, wanted: 'a finite number of at least 1', accepts }
  checkList(level.weights, `${name}.weights`, task).forEach((weight, k) => {
    checkNumber(weight, { ...rule, name: `${name}.weights[${k}]` })
  })
  checkList(level.tuned, `${name}.tuned`, task).forEach((one, k) => {
    const fields = checkFields(one, `${name}.tuned[${k}]`, task)
    for (const field of ['class', 'samples', 'misses'])
      checkIndex(fields[field], { task, name: `${name}.tuned[${k}].${field}` })
  })
}

/** The first field of a level that contradicts the others, in words; undefined if none does. */
function findWrong(
  { weights, feasible, tuned, tests, passed }: CertifiedClassLevel,
  { promises }: RateCertificate,
): string | undefined {
  if (passed !== (feasible && tests.every((test) => test.passed)))
    return `passed to be ${!passed} by feasible and the tests, got ${passed}`
  const classes = promises.map((promise) => promise.class)
  const tunedClasses = tuned.map((one) => one.class)
  if (tunedClasses.join() !== classes.join())
    return `tuned of classes ${classes.join(', ')}, got ${tunedClasses.join(', ') || 'none'}`
  const absent = classes.find((index) => index! >= weights.length)
  if (absent !== undefined) return `weights of class ${absent} as well, got ${weights.length}`
  const odd = weights.findIndex((weight, k) => weight > 1 && !classes.includes(k))
  if (odd >= 0) return `weights[${odd}] of 1 without a limit, got ${describe(weights[odd])}`
  for (const [i, { maximumRate }] of promises.entries()) {
    const { samples, misses, class: index } = tuned[i]!
    if (misses > samples) return `tuned[${i}].misses of at most ${samples}, got ${misses}`
    if (feasible && misses > mostCount(maximumRate, samples))
      return `feasible to be false with ${misses} of ${samples} of class ${index}, got true`
  }
  return undefined
}
