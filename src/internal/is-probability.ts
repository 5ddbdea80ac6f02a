/** Some backends divide so roughly that a softmax gives a little more than 1. */
const ROUNDING = 1e-5

/** Whether a number is a probability, as a backend computes one. */
export const isProbability = (value: number): boolean => value >= 0 && value <= 1 + ROUNDING
