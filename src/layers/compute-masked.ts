import { engine, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { keepOnly } from '../internal/keep-only.js'
import { noteMasking, noteZeros } from '../internal/masked-weights.js'
import { holdPruned } from './hold-pruned.js'

/** A weight of a masking layer beside its mask. */
export interface HeldWeight {
  readonly weight: LayerVariable
  /**
   * bool, the weight's shape, never trained; saved under the weight's name with `_mask` behind it.
   */
  readonly mask: LayerVariable
  /** Values of weight and mask, by identity, whose pruned places are known to be +0. */
  settled?: readonly [object, object]
}

/** How {@link computeMasked} runs. */
interface Running {
  /**
   * Only operations of tfjs read the weights: they make a gradient for each input, and look no
   * more. Own ones may return one tensor for several. @default false
   */
  readonly stock?: boolean
}

/** Runs with pruned places at 0, in the weights and, when gradients are taken, in those too. */
export function computeMasked<T extends Tensor | Tensor[]>(
  held: readonly HeldWeight[],
  run: () => T,
  { stock = false }: Running = {},
): T {
  held.forEach(settle)
  return engine().isTapeOn() ? tidy(() => readMasked(held, run, stock)) : run()
}

/**
 * While `run` lasts, the variables read as values whose gradients are masked. They belong to the
 * layer alone.
 */
function readMasked<T>(held: readonly HeldWeight[], run: () => T, stock: boolean): T {
  for (const { weight, mask } of held) {
    const masked = holdPruned(weight.read(), mask.read(), stock)
    noteMasking(masked, mask.read())
    Object.defineProperty(weight, 'read', { value: () => masked, configurable: true })
  }
  try {
    return run()
  } finally {
    for (const { weight } of held) Reflect.deleteProperty(weight, 'read')
  }
}

/**
 * Writes +0 into the pruned places, once after each change of the values. A backend that prepares a
 * weight for its kernels then does so once too: the product would be a new weight at each call, 10
 * times as slow on wasm. The values go to new memory: what a backend prepared from the old ones is
 * known by their identity.
 */
function settle(held: HeldWeight): void {
  const values = held.weight.read() as Variable
  const kept = held.mask.read()
  if (held.settled?.[0] === values.dataId && held.settled[1] === kept.dataId) return
  tidy(() => values.assign(keepOnly(values, kept)))
  noteZeros(values, kept)
  held.settled = [values.dataId, kept.dataId]
}
