/** The class that a single weight favours; undefined for a weight of 1, or one a class. */
export const favouredBy = (
  weights: number | readonly number[],
  positiveClass: number,
): number | undefined => (typeof weights === 'number' && weights !== 1 ? positiveClass : undefined)
