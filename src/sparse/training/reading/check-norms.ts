import type { Network } from '../../network/network.js'
import type { Norm } from '../../network/training-operations.js'
import { NotTrainable } from '../gradients/not-trainable.js'

/**
 * Throws where a norm is called twice and neither call follows the other: its moving statistics
 * tell the order, which is the business of tfjs.
 */
export function checkNorms({ steps }: Network): void {
  /** The values behind the last call of each norm. */
  const behind = new Map<Norm, Set<number>>()
  for (const { operation, inputs, output, layer } of steps) {
    for (const values of behind.values())
      if (inputs.some((value) => values.has(value))) values.add(output)
    if (operation.kind !== 'normalise') continue
    if (behind.get(operation.norm)?.has(output) === false)
      throw new NotTrainable(`the calls of ${layer} have no order`)
    behind.set(operation.norm, new Set([output]))
  }
}
