import { add, type Optimizer, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import type { Loss, OpenTraining, TrainingContext } from '../types.js'
import type { PlainBatch } from './batch-source.js'
import { costByTensors } from './cost-by-tensors.js'
import { costOf } from './cost-of.js'
import { holdNorms } from './hold-norms.js'
import { learnFrom } from './learn-from.js'
import type { ModelBatch } from './read-dataset.js'

/** The cost of a batch with the teacher's part, if there is one, from the model's outputs. */
export type BatchCost = (
  batch: ModelBatch,
  outputs: Tensor,
  logits: Tensor | readonly Tensor[] | undefined,
) => Scalar

export function batchCost({ teacher }: TrainingContext, loss: Loss): BatchCost {
  return ({ ys }, outputs, logits) =>
    learnFrom(teacher, { cost: costOf(loss, { ys, outputs, task: 'train' }), outputs, logits })
}

/** The teacher's answer to a batch. */
const taughtLogits = ({ teacher }: TrainingContext, batch: ModelBatch) =>
  teacher && (batch.logits ?? teacher.logits(batch.xs))

/** One optimizer update; returns the loss of the batch, with the teacher's part if there is one. */
export function stepper(
  context: TrainingContext,
  loss: Loss,
  held: Optimizer,
): (batch: ModelBatch) => Scalar {
  const { model } = context
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const hold = holdNorms(model)
  const cost = batchCost(context, loss)
  const forward = (batch: ModelBatch, logits: Tensor | readonly Tensor[] | undefined) => {
    const { xs } = batch
    const inputs = xs.length === 1 ? xs[0]! : xs
    const outputs = hold(() => model.apply(inputs, { training: true })) as Tensor
    return model
      .calculateLosses()
      .reduce(
        (total: Tensor, penalty) => add(total, penalty),
        cost(batch, outputs, logits),
      ) as Scalar
  }
  return (batch) => {
    const logits = taughtLogits(context, batch)
    return held.minimize(() => forward(batch, logits), true, variables)!
  }
}

/** The same step by an engine. */
export function engineStepper(
  context: TrainingContext,
  loss: Loss,
  { step }: Engine,
): (batch: ModelBatch) => number {
  const [cost, weights] = [batchCost(context, loss), context.model.trainableWeights]
  return (batch) => {
    const logits = taughtLogits(context, batch)
    const costOf = costByTensors((outputs) => cost(batch, outputs, logits), weights)
    return step(batch.xs.map(floatsOf), costOf)
  }
}

const floatsOf = (one: Tensor) => {
  const values = one.dataSync()
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

/** The same without a tensor; undefined where the loss needs them, or a teacher is asked. */
export function plainStepper(
  { teacher }: TrainingContext,
  { onRows }: Loss,
  { step }: Engine,
): ((batch: PlainBatch) => number) | undefined {
  if (teacher || !onRows) return undefined
  return ({ xs, ys }) => step(xs, (outputs) => onRows(ys, outputs))
}

type Engine = NonNullable<OpenTraining['work']>
