import type { ReplaceableKernel } from '../kernels/kernels-by-name.js'
import { fusedBatchNorm } from './fused-batch-norm.js'
import { mean } from './mean.js'
import type { BetterGradient } from './replace-gradient.js'
import { tile } from './tile.js'

/** Gradients that go with kernels of ours, by the names of the kernels. */
export const betterGradients: Readonly<Partial<Record<ReplaceableKernel, BetterGradient>>> = {
  FusedBatchNorm: fusedBatchNorm,
  Mean: mean,
  Tile: tile,
}
