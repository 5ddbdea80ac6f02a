import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  Variable,
} from '@tensorflow/tfjs-core'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import { assignValues } from '../internal/weight-values.js'
import { type OptimizerSlots, readSlots, writeSlots } from './optimizer-slots.js'

/** All that a stock optimizer carries from step to step: plain data. */
export interface OptimizerState {
  /** Class name of the optimizer, e.g. `Adam`. */
  readonly className: string
  readonly slots: OptimizerSlots
  /** Variables of its own that `setWeights` works out anew, as the powers of Adam, to other bits. */
  readonly variables: Readonly<Record<string, Float32Array>>
}

/** The classes whose state is known, Adamax left out: its `getWeights` of tfjs throws. */
const known = new Set<unknown>([
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
  SGDOptimizer,
])

/** Throws a RangeError unless the whole state of an optimizer can be kept. */
export function checkState(optimizer: Optimizer): void {
  const inner = OptimizerWrapper.unwrap(optimizer)
  if (known.has(inner.constructor)) return
  throw new RangeError(
    'Cannot keep the state within a round: expected a stock optimizer whose getWeights works, got ' +
      `${inner.getClassName()}: leave checkpointEvery out`,
  )
}

/** Copies the state of an optimizer to the host. */
export async function readState(optimizer: Optimizer): Promise<OptimizerState> {
  const slots = await readSlots(optimizer)
  const variables: Record<string, Float32Array> = {}
  for (const [name, variable] of variablesOf(optimizer))
    variables[name] = (await variable.data()).slice() as Float32Array
  return { className: classOf(optimizer), slots, variables }
}

/** Gives a new optimizer a state read before. Throws a RangeError if it is of another class. */
export async function writeState(
  optimizer: Optimizer,
  { className, slots, variables }: OptimizerState,
): Promise<void> {
  const wanted = classOf(optimizer)
  if (wanted !== className) {
    const state = `expected the state of ${wanted} in the stored point, got that of ${className}`
    throw new RangeError(`Cannot resume the round: ${state}: go on with the optimizer of the run`)
  }
  await writeSlots(optimizer, slots)
  for (const [name, variable] of variablesOf(optimizer)) assignValues(variable, variables[name]!)
}

const classOf = (optimizer: Optimizer) => OptimizerWrapper.unwrap(optimizer).getClassName()

function variablesOf(optimizer: Optimizer): [string, Variable][] {
  const entries = Object.entries<unknown>({ ...OptimizerWrapper.unwrap(optimizer) })
  return entries.filter((entry): entry is [string, Variable] => entry[1] instanceof Variable)
}
