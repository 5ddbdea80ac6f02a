import { type Optimizer, tensor, type Variable } from '@tensorflow/tfjs-core'
import { pick, spread } from './at-places.js'
import type { Parameter } from './reading/read-training.js'
import type { TrainingParts } from './training-parts.js'
import { ruleOf } from './updates/rule-of.js'

type NamedTensor = Awaited<ReturnType<Optimizer['getWeights']>>[number]
type SlotsOf = (parameter: Parameter) => readonly Float32Array[]

/** The weights that the optimizer knows, in its order, each with the parameters that hold it. */
function inOrder({ model }: TrainingParts, parameters: readonly Parameter[]) {
  return model.trainableWeights.map((weight) => {
    const variable = weight.read() as Variable
    return { variable, held: parameters.filter((one) => one.variable === variable) }
  })
}

/** Takes the slots of the optimizer over; gives the steps that it has taken. */
export async function readSlots(
  parts: TrainingParts,
  parameters: readonly Parameter[],
  slotsOf: SlotsOf,
): Promise<number> {
  const [iterations, ...slots] = await parts.optimizer.getWeights()
  const steps = (await iterations!.tensor.data())[0] ?? 0
  iterations!.tensor.dispose()
  const order = inOrder(parts, parameters)
  for (const [i, { tensor: slot }] of slots.entries()) {
    const at = Math.floor(i / order.length)
    const values = await slot.data()
    for (const one of order[i % order.length]!.held) pick(values, one.places, slotsOf(one)[at]!)
  }
  return steps
}

/** Gives the optimizer the slots and the count of steps. */
export async function writeSlots(
  parts: TrainingParts,
  parameters: readonly Parameter[],
  { slotsOf, steps }: { slotsOf: SlotsOf; steps: number },
): Promise<void> {
  const { optimizer } = parts
  const names = ruleOf(optimizer)!.slots
  const order = inOrder(parts, parameters)
  const slots = names.flatMap((name, at) =>
    order.map(({ variable, held }): NamedTensor => {
      const all = new Float32Array(variable.size)
      for (const one of held) spread(slotsOf(one)[at]!, one.places, all)
      return { name: `${variable.name}/${name}`, tensor: tensor(all, variable.shape, 'float32') }
    }),
  )
  const before = await optimizer.getWeights()
  const iterations = { name: 'iter', tensor: tensor(steps, [], 'int32') }
  await optimizer.setWeights([iterations, ...slots])
  for (const { tensor: one } of [...before, iterations, ...slots]) one.dispose()
}
