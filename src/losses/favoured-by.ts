/** The class that all parts of a loss favour; undefined where they favour none, or several. */
export const onlyFavoured = (classes: readonly number[]): number | undefined =>
  new Set(classes).size === 1 ? classes[0] : undefined

/** The class that a single weight above 1 favours; undefined for others, or one a class. */
export const favouredBy = (
  weights: number | readonly number[],
  positiveClass: number,
): number | undefined => (typeof weights === 'number' && weights > 1 ? positiveClass : undefined)
