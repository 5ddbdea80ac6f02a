import { getBackend, getKernel, type Optimizer, type Tensor } from '@tensorflow/tfjs-core'
import type { Gradients } from '../internal/gradients.js'

/** The masks that are held in a step. */
export interface HeldMasks {
  /** By the names of variables; bool, 1 = kept. */
  readonly held: ReadonlyMap<string, { readonly mask: Tensor }>
  /** The slots of pruned elements are 0, so that a step leaves them there. */
  readonly settled: boolean
}

/**
 * Takes the step of an optimizer with masks held, as the optimizer would: pruned elements get no
 * gradient, and are +0 afterwards.
 *
 * @param clipNorm Largest norm of all kept gradients together. @default none
 * @returns The names of the variables that were changed; undefined, and nothing was changed, where
 *   the optimizer has to take the step itself.
 */
export type FusedStep = (
  gradients: Gradients,
  masks: HeldMasks,
  optimizer: Optimizer,
  clipNorm?: number,
) => ReadonlySet<string> | undefined

/**
 * Name of the fused step of a backend. It is no kernel, but registered as one: all copies of the
 * library find it there.
 */
export const FUSED_STEP = 'tfjs-prune>Step'

/** The fused step of the backend in use, if it has one. */
export const fusedStep = (): FusedStep | undefined =>
  getKernel(FUSED_STEP, getBackend())?.kernelFunc as unknown as FusedStep | undefined
