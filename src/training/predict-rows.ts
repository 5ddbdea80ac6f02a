import { slice, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
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
    const tensors =
      all[0]!.shape[0] === samples ? all : all.map((input) => slice(input, 0, samples))
    if (tensors !== all) made.push(...tensors)
    const inputs = tensors.length === 1 ? tensors[0]! : [...tensors]
    const outputs = model.predict(inputs, { batchSize }) as Tensor
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
