import type { SweepFacts } from './sweep-store.js'

/** Throws a RangeError where the outcomes of a store are of a grid with other knobs. */
export function checkFacts(
  found: SweepFacts,
  { wanted, store }: { readonly wanted: SweepFacts; readonly store: string },
): void {
  const [own, others] = [wanted, found].map(({ knobs }) => knobs.join(', '))
  if (own === others) return
  const remedy = 'take another store for another grid'
  throw new RangeError(
    `Cannot sweep: expected outcomes with the knobs ${own} in ${store}, got ${others}: ${remedy}`,
  )
}
