/** The class that a single weight above 1 favours; undefined for others, or one a class. */
export const favouredBy = (
  weights: number | readonly number[],
  positiveClass: number,
): number | undefined => (typeof weights === 'number' && weights > 1 ? positiveClass : undefined)
