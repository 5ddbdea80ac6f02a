import {
  add,
  dispose,
  mul,
  type Optimizer,
  type Scalar,
  scalar,
  type Tensor,
  Tensor as TensorClass,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { askPiece, uncalledFactory } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import { giveTurn } from '../internal/event-loop.js'
import { resetStates } from '../internal/model-states.js'
import type {
  Loss,
  LossSchedule,
  OpenTraining,
  TrainingContext,
  TrainingPosition,
} from '../types.js'
import type { PlainBatch } from './batch-source.js'
import { costByTensors } from './cost-by-tensors.js'
import { checkBatch } from './fixed-batch.js'
import { holdNorms } from './hold-norms.js'
import { learnFrom } from './learn-from.js'
import { disposeBatch, type ModelBatch } from './read-dataset.js'
import { isSchedule } from './updated-loss.js'

/** One epoch to train. */
export interface Epoch<Batch extends ModelBatch | PlainBatch> {
  readonly context: TrainingContext
  readonly batches: AsyncIterable<Batch>
  /** Takes one step and gives its cost; `index` counts the batches of the epoch from 0. */
  readonly step: (batch: Batch, index: number) => Scalar | number
  readonly held: Optimizer
  readonly at: TrainingPosition
}

/** Where an epoch ended. */
export interface EpochEnd {
  /** Mean loss of the samples that it trained on. */
  readonly loss: number
  readonly samples: number
  readonly step: number
}

/** Trains on the batches of one epoch that `at` leaves; the loss is read once, at the end. */
export async function runEpoch<Batch extends ModelBatch | PlainBatch>(
  epoch: Epoch<Batch>,
): Promise<EpochEnd> {
  const { context, batches, step, held, at } = epoch
  let sum: Tensor = scalar(0)
  let known = 0
  let samples = 0
  let batch = 0
  checkStart(context.model, at)
  resetStates(context.model)
  try {
    for await (const given of batches) {
      const size = given.ys.shape[0]!
      batch++
      try {
        context.signal?.throwIfAborted()
        checkBatch(context.model, { task: 'train', size })
        if (batch <= at.batch) continue
        const cost = tidy(() => step(given, batch - 1))
        samples += size
        if (typeof cost === 'number') known += cost * size
        else {
          const before = sum
          sum = tidy(() => add(before, mul(cost, size)))
          dispose([before, cost])
        }
      } finally {
        if (!isPlain(given)) disposeBatch(given)
      }
      await context.checkpoint({
        epoch: at.epoch,
        step: at.step + batch - at.batch,
        batch,
        optimizer: held,
      })
      await giveTurn()
    }
    const least = Math.max(at.batch, 1)
    if (batch < least) {
      const wanted = `at least ${least} batches in epoch ${at.epoch}`
      throw new RangeError(`Cannot train round ${context.round}: expected ${wanted}, got ${batch}`)
    }
    const loss = ((await sum.data())[0]! + known) / samples
    return { loss, samples, step: at.step + batch - at.batch }
  } finally {
    sum.dispose()
    resetStates(context.model)
  }
}

const isPlain = (batch: ModelBatch | PlainBatch): batch is PlainBatch =>
  !(batch.ys instanceof TensorClass)

/** Throws if a stateful model is to go on in an epoch whose first batches it has not seen. */
function checkStart({ stateful }: LayersModel, { epoch, batch }: TrainingPosition): void {
  if (!stateful || batch === 0) return
  throw new RangeError(
    'Cannot train: expected a rewinder that resumes at the start of an epoch for a stateful ' +
      `model, got epoch ${epoch}, batch ${batch}`,
  )
}

/** The cost of a batch with the teacher's part, if there is one, from the model's outputs. */
export type BatchCost = (
  batch: ModelBatch,
  outputs: Tensor,
  logits: Tensor | readonly Tensor[] | undefined,
) => Scalar

export function batchCost({ teacher }: TrainingContext, loss: Loss): BatchCost {
  return ({ ys }, outputs, logits) =>
    learnFrom(teacher, { cost: costOf(loss, ys, outputs), outputs, logits })
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

const LOSS = { task: 'train', name: 'loss', kind: 'a loss' } as const

/**
 * The cost of a batch. Throws unless the loss returns a scalar; one that returns a loss or a
 * schedule, or that takes the labels for its options, makes losses.
 */
function costOf(loss: Loss, labels: Tensor, outputs: Tensor): Scalar {
  const cost: unknown = askPiece(loss, [labels, outputs], LOSS)
  if (cost instanceof TensorClass && cost.rank === 0) return cost as Scalar
  if (isSchedule(cost as LossSchedule)) throw uncalledFactory(loss, LOSS)
  const got = cost instanceof TensorClass ? `shape [${cost.shape}]` : describe(cost)
  throw new TypeError(`Cannot train: expected the loss to return a scalar, got ${got}`)
}
