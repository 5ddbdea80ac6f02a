import type { Criterion } from '../types.js'
import { commonCriterionLaws } from './common-criterion-laws.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { scoresOf, withWeight } from './shown-weight.js'

/**
 * The duties of a {@link Criterion} that scores whole units: all elements of a unit (last axis)
 * score alike.
 *
 * @example
 * ```ts
 * import { unitTaylor } from 'tfjs-prune'
 * import { unitCriterionLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of unitCriterionLaws) await check(unitTaylor)
 * ```
 */
export const unitCriterionLaws: readonly Law<Criterion>[] = [
  ...commonCriterionLaws,
  {
    law: 'tells the units of a trained weight apart, and scores the elements of a unit alike',
    check: (make) => {
      const criterion = make()
      const scores = withWeight(criterion, [8, 8], (shown) => scoresOf(criterion, shown))
      const first = scores.slice(0, 8)
      expectThat(new Set(first).size > 4, 'more than 4 different scores of 8 units', first)
      expectSame(
        [...scores],
        Array.from({ length: 64 }, (_, i) => first[i % 8]),
        'the scores of the elements',
      )
    },
  },
]
