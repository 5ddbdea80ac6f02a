/** Largest finite float32. */
export const largestFloat32 = (2 - 2 ** -23) * 2 ** 127
