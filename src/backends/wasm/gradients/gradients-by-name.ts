import { activationGradients } from './activations.js'
import { fusedBatchNorm } from './fused-batch-norm.js'
import { mean } from './mean.js'
import type { BetterGradient } from './replace-gradient.js'
import { square } from './square.js'
import { tile } from './tile.js'

/** Gradients in the place of those of tfjs, by the names of the kernels. */
export const betterGradients = {
  ...activationGradients,
  FusedBatchNorm: fusedBatchNorm,
  Mean: mean,
  Square: square,
  Tile: tile,
} satisfies Record<string, BetterGradient>
