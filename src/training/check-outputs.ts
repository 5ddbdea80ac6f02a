import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** Throws a TypeError for a model with several outputs. */
export function checkOneOutput({ outputs: { length } }: LayersModel, task: string): void {
  if (length === 1) return
  throw new TypeError(`Cannot ${task}: expected a model with one output, got ${length}`)
}

interface Expected {
  readonly model: LayersModel
  readonly samples: number
  readonly task: string
}

/** The values of outputs. Throws unless they are rows, one a sample, as wide as the model says. */
export async function readOutputs(
  outputs: Tensor,
  { model, samples, task }: Expected,
): Promise<ArrayLike<number>> {
  const got = `[${outputs.shape.join(', ')}]`
  if (outputs.rank > 2) {
    const wanted = 'outputs of shape [n], [n, 1] or [n, classes]'
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  const { shape } = model.outputs[0]!
  const width = shape.length > 1 ? (shape.at(-1) ?? outputs.shape[1]) : 1
  if (outputs.size === samples * Number(width)) return outputs.data()
  const wanted = `outputs of shape [${samples}, ${width}] as the model says`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}
