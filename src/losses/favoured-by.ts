import type { Loss } from '../types.js'

/** The class that the parts of a loss favour, or the classes; undefined where they favour none. */
export function favouredByParts(parts: readonly Loss['favours'][]): Loss['favours'] {
  const classes = [...new Set(parts.flatMap((part) => part ?? []))]
  return classes.length > 1 ? classes : classes[0]
}

/** The class that a single weight above 1 favours; undefined for others, or one a class. */
export const favouredBy = (
  weights: number | readonly number[],
  positiveClass: number,
): number | undefined => (typeof weights === 'number' && weights > 1 ? positiveClass : undefined)
