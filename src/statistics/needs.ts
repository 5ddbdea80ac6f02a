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

/** The needs of a criterion, each once. Throws for a statistic that does not exist. */
export function needsOf({ needs = [] }: Pick<Criterion, 'needs'>): FullNeed[] {
  if (!Array.isArray(needs))
    throw new TypeError(`Cannot score: expected a list as needs, got ${typeof needs}`)
  const full = needs.map((need) => {
    const { statistic, class: index } =
      typeof need === 'string' ? { statistic: need, class: undefined } : need
    if (!STATISTICS.includes(statistic)) {
      throw new RangeError(
        `Cannot score: expected needs among ${STATISTICS.join(', ')}, got ${String(statistic)}`,
      )
    }
    if (index !== undefined && !(Number.isSafeInteger(index) && index >= 0)) {
      throw new RangeError(
        `Cannot score: expected a class index for ${statistic}, got ${String(index)}`,
      )
    }
    return { statistic, class: index }
  })
  return [...new Map(full.map((need) => [`${need.statistic} ${need.class}`, need])).values()]
}

const WITHOUT_SAMPLES: readonly Statistic[] = ['batchNormScale', 'flow', 'movement']

/** Whether a statistic comes from samples that the caller gives. */
export function isFromSamples({ statistic }: FullNeed): boolean {
  return !WITHOUT_SAMPLES.includes(statistic)
}

/** Whether a statistic is summed up during the training of a round. */
export function isOfMovement({ statistic }: FullNeed): boolean {
  return statistic === 'movement'
}
