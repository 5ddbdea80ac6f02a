import { isElementwise } from './is-elementwise.js'
import type { LayerCall } from './layer-call.js'
import { registeredKind } from './registered-kinds.js'

/** Elementwise functions that turn 0 into something else. */
const LIFTING = ['sigmoid', 'hardSigmoid', 'softplus']

/** Layer classes that are such a function, none of which turns 0 into something else. */
const ACTIVATIONS = ['ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU', 'PReLU']

/**
 * Whether a layer puts out 0 where all that it is given, and all that it adds, is 0. False where
 * that is not known, as of a user's activation.
 */
export function keepsZero({
  workers,
  className,
}: Pick<LayerCall, 'workers' | 'className'>): boolean {
  if (ACTIVATIONS.includes(className)) return true
  const { activation } = workers[0].getConfig()
  if (activation !== undefined)
    return isElementwise(activation) && !LIFTING.includes(activation as string)
  const { stage, weights = {} } = registeredKind(className) ?? {}
  return stage !== 'activation' && Object.values(weights).every(({ use }) => use !== 'other')
}
