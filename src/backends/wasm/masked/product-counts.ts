/** Products of pruned weights since the start: those that left them out, and those that ran dense. */
export const productCounts = { masked: 0, dense: 0 }
