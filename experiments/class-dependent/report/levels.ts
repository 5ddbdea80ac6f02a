/** Places of the levels: 0 is dense, each further one has half the weights of the one before. */
export const LEVELS = [0, 1, 2, 3, 4, 5, 6] as const

/** The levels below the dense one. */
export const PRUNED: readonly number[] = LEVELS.slice(1)

/** The levels at 6.25 % of the weights and below. */
export const SPARSE: readonly number[] = LEVELS.slice(4)

/** The sparsest level. */
export const SPARSEST: readonly number[] = LEVELS.slice(-1)

/** The weights that a level leaves, in words. */
export const levelName = (level: number): string => `${Number((100 / 2 ** level).toPrecision(3))} %`
