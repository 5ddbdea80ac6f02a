import type { Criterion } from '../types.js'

/** Whether a criterion looks at what the training of the round before moved. */
export function needsMovement({ needs = [] }: Pick<Criterion, 'needs'>): boolean {
  return [needs]
    .flat()
    .some((need) => (typeof need === 'string' ? need : need.statistic) === 'movement')
}
