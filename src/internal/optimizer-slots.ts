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
  const weights = await optimizer.getWeights()
  const slots = await Promise.all(
    weights.map(async ({ name, tensor: slot }) => {
      const values = (await slot.data()).slice() as Float32Array | Int32Array
      return { name, shape: slot.shape, dtype: slot.dtype as 'float32' | 'int32', values }
    }),
  )
  // Slots are the optimizer's own variables; the step count is a new tensor.
  for (const { tensor: slot } of weights) if (!(slot instanceof Variable)) (slot as Tensor).dispose()
  return slots
}

/** Gives an optimizer a state read before; its variables must come in the same order. */
export async function writeSlots(optimizer: Optimizer, slots: OptimizerSlots): Promise<void> {
  const named = slots.map(({ name, shape, dtype, values }) => ({ name, tensor: tensor(values, [...shape], dtype) }))
  try {
    await optimizer.setWeights(named)
  } finally {
    for (const { tensor: slot } of named) slot.dispose()
  }
}
