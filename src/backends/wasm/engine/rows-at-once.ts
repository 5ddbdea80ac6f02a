/**
 * Rows that are added up before their sum goes into the total: sums of sums lose less than a long
 * one.
 */
export const rowsAtOnce = 256
