import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import type { EvaluateOptions, Evaluation } from 'tfjs-prune'
import { evaluateOn } from 'tfjs-prune'

/** A model that puts out what it gets: `columns` numbers a sample. */
export function echo(columns: number): LayersModel {
  return sequential({ layers: [layers.reshape({ targetShape: [columns], inputShape: [columns] })] })
}

/** A model with two outputs. */
export function twoHeads(): LayersModel {
  const inputs = input({ shape: [2] })
  const head = () => layers.dense({ units: 2 }).apply(inputs) as typeof inputs
  return model({ inputs, outputs: [head(), head()] })
}

/** Evaluates given outputs, one row a sample. */
export async function evaluated(
  rows: readonly (readonly number[])[],
  labels: ArrayLike<number> | Tensor2D,
  options: Partial<EvaluateOptions> = {},
): Promise<Evaluation> {
  const xs = tensor2d(rows.map((row) => [...row]))
  const of = echo(xs.shape[1])
  try {
    return await evaluateOn(
      { xs, ys: labels },
      { positiveClass: 1, output: 'logits', ...options },
    )(of)
  } finally {
    xs.dispose()
    of.dispose()
  }
}
