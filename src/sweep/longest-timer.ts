/** Milliseconds, 24 days: timers of a longer time ring at once. */
export const LONGEST_TIMER = 2 ** 31 - 1
