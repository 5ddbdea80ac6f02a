import { concat, dispose, slice, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import type { ArrayData } from '../types.js'
import { checkInputs, inputTensors } from './training-data.js'

interface Request {
  readonly task: string
  readonly xs: ArrayData['xs']
  /** Number of samples from the first on. */
  readonly samples: number
  readonly batchSize: number
}

/** The outputs of a model for the first samples, in flat order: one row a sample. */
export async function predictRows(
  model: LayersModel,
  { task, xs, samples, batchSize }: Request,
): Promise<ArrayLike<number>> {
  const { length } = model.outputs
  if (length !== 1)
    throw new TypeError(`Cannot ${task}: expected a model with one output, got ${length}`)
  const { tensors: all, made } = inputTensors(xs)
  try {
    checkInputs(model, all, task)
    const parts: Tensor[] = []
    for (let start = 0; start < samples; start += batchSize) {
      const size = Math.min(batchSize, samples - start)
      const rows = all.map((input) => slice(input, start, size))
      made.push(...rows)
      parts.push(model.predict(rows.length === 1 ? rows[0]! : rows, { batchSize }) as Tensor)
      made.push(parts.at(-1)!)
      dispose(rows)
      await giveTurn()
    }
    const outputs = concat(parts)
    made.push(outputs)
    if (outputs.rank <= 2) return await outputs.data()
    const got = `[${outputs.shape.join(', ')}]`
    throw new TypeError(
      `Cannot ${task}: expected outputs of shape [n], [n, 1] or [n, classes], got ${got}`,
    )
  } finally {
    for (const one of made) one.dispose()
  }
}
