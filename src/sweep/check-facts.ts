import type { SweepFacts } from './sweep-store.js'

/** Whether facts are those of a sweep without jobs, which has no knobs: any grid may follow. */
export const isEmpty = ({ knobs }: SweepFacts) => knobs.length === 0

/**
 * Throws a RangeError where the outcomes of a store are of a grid with other knobs. A sweep without
 * jobs fits every store.
 */
export function checkFacts(
  found: SweepFacts,
  { wanted, store }: { readonly wanted: SweepFacts; readonly store: string },
): void {
  const [own, others] = [wanted, found].map(({ knobs }) => knobs.join(', '))
  if (own === others || isEmpty(wanted) || isEmpty(found)) return
  const remedy = 'take another store for another grid'
  throw new RangeError(
    `Cannot sweep: expected outcomes with the knobs ${own} in ${store}, got ${others}: ${remedy}`,
  )
}
