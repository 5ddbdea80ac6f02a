import type { WeightPlace } from '../types.js'

/** Throws a RangeError unless the weight has two axes or more. */
export function checkRank({ name, shape }: WeightPlace, what: string): void {
  if (shape.length >= 2) return
  const got = `[${shape.join(', ')}]`
  throw new RangeError(
    `Cannot group ${name} by ${what}: expected a shape of 2 axes or more, got ${got}`,
  )
}
