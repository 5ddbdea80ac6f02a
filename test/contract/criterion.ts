import { criterionLaws } from '../../src/testing/criterion-laws.js'
import { unitCriterionLaws } from '../../src/testing/unit-criterion-laws.js'
import type { Criterion } from '../../src/types.js'
import { conformance } from './laws.js'

/** How finely a criterion tells elements apart. */
export interface CriterionGrain {
  /**
   * Each element has a score of its own, or all elements of a unit (last axis) score alike.
   * @default 'elements'
   */
  readonly scores?: 'elements' | 'units'
}

/** Runs the contract of a criterion over one member: `make` makes it anew. */
export function criterionConformance(
  name: string,
  make: () => Criterion,
  { scores }: CriterionGrain = {},
): void {
  conformance(name, scores === 'units' ? unitCriterionLaws : criterionLaws, make)
}
