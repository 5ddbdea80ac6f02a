import { checkFacts, isEmpty } from './check-facts.js'
import type { FinishedJob } from './finished-job.js'
import type { SweepFacts, SweepStore } from './sweep-store.js'

/**
 * Keeps outcomes in memory, for as long as the program runs: for tests, and to go on after an abort.
 *
 * @returns A store for {@link sweep}; each call makes another one.
 *
 * @example
 * ```ts
 * import { grid, memorySweep, sweep } from 'tfjs-prune/sweep'
 *
 * const store = memorySweep()
 * const module = ({ seed }: { seed: number }) => ({ square: seed * seed })
 * await sweep(grid({ seed: [1, 2] }), { module, store })
 * const { skipped } = await sweep(grid({ seed: [1, 2, 3] }), { module, store })
 * if (skipped !== 2) throw new Error('the two jobs of before are done')
 * ```
 */
export function memorySweep(): SweepStore {
  const name = 'the memory'
  const finished: FinishedJob[] = []
  let facts: SweepFacts | undefined
  let isHeld = false
  return {
    name,
    read: async () => [...finished],
    open: async (wanted) => {
      if (isHeld)
        throw new Error('Cannot sweep: expected one driver, got a second sweep beside one at work')
      if (facts) checkFacts(facts, { wanted, store: name })
      if (!facts || isEmpty(facts)) facts = wanted
      isHeld = true
      return {
        finished: [...finished],
        save: async (outcome) => void finished.push(outcome),
        close: async () => {
          isHeld = false
        },
      }
    },
  }
}
