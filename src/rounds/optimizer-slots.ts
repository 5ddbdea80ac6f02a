import { type Optimizer, type Tensor, tensor, Variable } from '@tensorflow/tfjs-core'

/** Host copies of an optimizer's state: its step count and slots, as plain data. */
export type OptimizerSlots = readonly {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly values: Float32Array | Int32Array
}[]

/** Copies the state of an optimizer to the host. */
export async function readSlots(optimizer: Optimizer): Promise<OptimizerSlots> {
  const weights = await stateOf(optimizer)
  const slots = await Promise.all(
    weights.map(async ({ name, tensor: slot }) => {
      const values = (await slot.data()).slice() as Float32Array | Int32Array
      return { name, shape: slot.shape, dtype: slot.dtype as 'float32' | 'int32', values }
    }),
  )
  // Slots are the optimizer's own variables; the step count is a new tensor.
  disposeCopies(weights)
  return slots
}

/**
 * Throws unless the state of an optimizer can be read, so that a rewinder does not ask for it in
 * vain.
 */
export async function checkSlots(optimizer: Optimizer): Promise<void> {
  disposeCopies(await stateOf(optimizer))
}

/** Whether an optimizer carries more than its step count from step to step. */
export async function hasSlots(optimizer: Optimizer): Promise<boolean> {
  const state = await stateOf(optimizer)
  disposeCopies(state)
  return state.length > 1
}

type State = Awaited<ReturnType<Optimizer['getWeights']>>

async function stateOf(optimizer: Optimizer): Promise<State> {
  try {
    return await optimizer.getWeights()
  } catch {
    const name = optimizer.getClassName()
    throw new TypeError(
      `Cannot keep the state of the optimizer: expected one whose getWeights works, got ${name}. ` +
        "A rewinder with optimizer: 'fresh' needs none.",
    )
  }
}

function disposeCopies(state: State): void {
  for (const { tensor: slot } of state) if (!(slot instanceof Variable)) (slot as Tensor).dispose()
}

/** Gives an optimizer a state read before; its variables must come in the same order. */
export async function writeSlots(optimizer: Optimizer, slots: OptimizerSlots): Promise<void> {
  const replaced = await stateOf(optimizer)
  const named = slots.map(({ name, shape, dtype, values }) => ({
    name,
    tensor: tensor(values, [...shape], dtype),
  }))
  try {
    await optimizer.setWeights(named)
    // Stock optimizers forget the slots that they had.
    for (const { tensor: slot } of replaced) (slot as Tensor).dispose()
  } finally {
    for (const { tensor: slot } of named) slot.dispose()
  }
}
