import type { Criterion } from '../types.js'
import { commonCriterionLaws } from './common-criterion-laws.js'
import { expectThat } from './expectations.js'
import type { Law } from './law.js'
import { scoresOf, withWeight } from './shown-weight.js'

/**
 * The duties of a {@link Criterion} that gives each element a score of its own. It is shown the
 * statistics that it needs, and no others. Runs on the backend that is set.
 *
 * @example
 * ```ts
 * import { abs, sub } from '@tensorflow/tfjs-core'
 * import type { Criterion } from 'tfjs-prune'
 * import { criterionLaws } from 'tfjs-prune/testing'
 *
 * const distance: Criterion = ({ initial, final }) => abs(sub(final, initial))
 * for (const { check } of criterionLaws) await check(() => distance)
 * ```
 */
export const criterionLaws: readonly Law<Criterion>[] = [
  ...commonCriterionLaws,
  {
    law: 'tells the elements of a trained weight apart',
    check: (make) => {
      const criterion = make()
      const [scores, mask] = withWeight(criterion, [8, 8], (shown) => {
        return [scoresOf(criterion, shown), shown.weight.mask.dataSync().slice()]
      })
      const kept = scores.filter((_, i) => mask[i] === 1)
      const different = new Set(kept).size
      expectThat(
        different > kept.length / 2,
        `more than ${kept.length / 2} different scores of ${kept.length}`,
        different,
      )
    },
  },
]
