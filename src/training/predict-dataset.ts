import { cast, concat, dispose, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { giveTurn } from '../internal/event-loop.js'
import { openStates } from '../internal/model-states.js'
import { watchWeights } from '../internal/watch-weights.js'
import type { DatasetData, OpenEngine } from '../types.js'
import { checkOneOutput, readOutputs } from './check-outputs.js'
import { type Reading, readDataset } from './read-dataset.js'
import { runModel } from './run-model.js'

/** The labels of a dataset in a tensor that its reader disposes, and outputs of a model. */
export interface ReadLabels {
  readonly ys: Tensor
  /** Outputs in flat order: one row a sample. */
  readonly outputs: number[]
  /** Samples that there are outputs for: all, those of the first batch, or none. */
  readonly predicted: number
}

interface Request extends Reading {
  /** The batches to predict. @default none: the labels alone are wanted */
  readonly predict?: 'all' | 'first'
  readonly signal?: AbortSignal | undefined
  /** Runs the model. @default tfjs */
  readonly engine?: OpenEngine | undefined
}

/** Reads a dataset once, batch by batch: its labels are kept, and what the model makes of it. */
export async function predictDataset(
  data: DatasetData,
  { predict, signal, engine, ...reading }: Request,
): Promise<ReadLabels> {
  const { model, task } = reading
  if (predict) checkOneOutput(model, task)
  const labels: Tensor[] = []
  const outputs: number[] = []
  let predicted = 0
  const checkSame = predict === 'all' ? watchWeights(model, task) : () => {}
  const close = predict && openStates(model, task)
  try {
    for await (const { xs, ys } of readDataset(data, reading)) {
      labels.push(ys)
      try {
        if (predict === 'all' || (predict && predicted === 0)) {
          for (const value of await outputsOf(xs, { ...reading, engine })) outputs.push(value)
          predicted += ys.shape[0]!
        }
      } finally {
        dispose(xs)
      }
      await giveTurn()
      signal?.throwIfAborted()
      checkSame()
    }
    return { ys: joined(labels, task), outputs, predicted }
  } finally {
    dispose(labels)
    close?.()
  }
}

async function outputsOf(
  xs: Tensor[],
  { model, task, engine }: Pick<Request, 'model' | 'task' | 'engine'>,
): Promise<number[]> {
  const outputs = await runModel(model, xs, { engine })
  try {
    return Array.from(await readOutputs(outputs, { model, samples: xs[0]!.shape[0]!, task }))
  } finally {
    dispose(outputs)
  }
}

function joined(labels: Tensor[], task: string): Tensor {
  const [first, ...others] = labels
  if (!first)
    throw new RangeError(
      `Cannot ${task}: expected at least one batch, got none: each call of iterator() begins anew`,
    )
  const sides = ({ shape }: Tensor) => shape.slice(1).join(', ')
  const other = others.find((one) => sides(one) !== sides(first))
  // Labels of one dtype alone are joined as they are: the first would be the dtype of all.
  if (!other) return tidy(() => concat(labels.map((one) => cast(one, 'float32'))))
  const [wanted, got] = [first, other].map((one) => `[n${sides(one) && `, ${sides(one)}`}]`)
  throw new TypeError(`Cannot ${task}: expected ys of shape ${wanted} in each batch, got ${got}`)
}
