import type { Criterion, Statistic } from '../types.js'

/** A statistic, of all samples or of one class. */
export interface FullNeed {
  readonly statistic: Statistic
  readonly class: number | undefined
}

const STATISTICS: readonly Statistic[] = [
  'gradient',
  'squaredGradient',
  'unitSaliency',
  'inputNorm',
  'inputProducts',
  'zeroShare',
  'batchNormScale',
  'flow',
  'movement',
]

/** What a criterion needs, each once. Throws for a statistic that does not exist. */
export function needsOf({ needs = [] }: Criterion): FullNeed[] {
  if (!Array.isArray(needs)) throw new TypeError(`Cannot score: expected a list as needs, got ${typeof needs}`)
  const full = needs.map((need) => {
    const { statistic, class: index } = typeof need === 'string' ? { statistic: need, class: undefined } : need
    if (!STATISTICS.includes(statistic)) {
      throw new RangeError(`Cannot score: expected needs among ${STATISTICS.join(', ')}, got ${String(statistic)}`)
    }
    if (index !== undefined && !(Number.isSafeInteger(index) && index >= 0)) {
      throw new RangeError(`Cannot score: expected a class index for ${statistic}, got ${String(index)}`)
    }
    return { statistic, class: index }
  })
  return [...new Map(full.map((need) => [`${need.statistic} ${need.class}`, need])).values()]
}

/** Throws unless a criterion says in a known way with which weights, and in how many steps, it scores. */
export function checkScoring({ at = 'trained', steps = 1, compensate }: Criterion): void {
  if (compensate !== undefined && typeof compensate !== 'function') {
    throw new TypeError(`Cannot score: expected a function as compensate, got ${typeof compensate}`)
  }
  if (compensate && (steps > 1 || at === 'initial')) {
    const got = `${steps} steps and ${at} ones`
    throw new RangeError(
      `Cannot score: expected one step and trained weights of a criterion that compensates, got ${got}`,
    )
  }
  if (at !== 'trained' && at !== 'initial') {
    throw new RangeError(`Cannot score: expected trained or initial as at, got ${String(at)}`)
  }
  if (Number.isSafeInteger(steps) && steps >= 1) return
  throw new RangeError(`Cannot score: expected a whole number of at least 1 as steps, got ${String(steps)}`)
}

const WITHOUT_SAMPLES: readonly Statistic[] = ['batchNormScale', 'flow', 'movement']

/** Whether a statistic comes from samples that the caller gives. */
export function isFromSamples({ statistic }: FullNeed): boolean {
  return !WITHOUT_SAMPLES.includes(statistic)
}
