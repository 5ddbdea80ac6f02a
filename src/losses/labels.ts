import {
  cast,
  clipByValue,
  concat,
  equal,
  greater,
  less,
  mul,
  range,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core'

/** The facts about a batch that its shapes tell. */
export interface Batch {
  readonly samples: number
  /** Number of classes; 2 for a model with one output. */
  readonly classes: number
  /** The model gives one score per sample, that of class 1. */
  readonly oneOutput: boolean
  /** Class that must not be missed. */
  readonly positiveClass: number
}

interface BatchOptions {
  /** The loss that asks, for error messages. */
  readonly name: string
  readonly positiveClass: number
}

/** A tensor, or rows. */
export type Shaped = Pick<Tensor, 'shape'>

/** Checks the shapes `yTrue` and `yPred` of a batch against the contract of `Loss`. */
export function checkBatch(
  yTrue: Shaped,
  yPred: Shaped,
  { name, positiveClass }: BatchOptions,
): Batch {
  const cannot = `Cannot compute ${name}: expected`
  for (const [what, value] of Object.entries({ yTrue, yPred })) {
    if (!Array.isArray(value?.shape))
      throw new TypeError(`${cannot} a tensor as ${what}, got ${typeof value}`)
  }
  const [samples = 0, outputs = 1] = yPred.shape
  if (yPred.shape.length < 1 || yPred.shape.length > 2 || samples < 1 || outputs < 1) {
    throw new TypeError(
      `${cannot} yPred of shape [n], [n, 1] or [n, classes], got [${yPred.shape}]`,
    )
  }
  const classes = Math.max(outputs, 2)
  const columns = yTrue.shape[1] ?? 1
  const { length: rank } = yTrue.shape
  const fits = rank === 1 || (rank === 2 && (columns === 1 || columns === classes))
  if (!fits || yTrue.shape[0] !== samples) {
    const wanted = `[${samples}], [${samples}, 1] or [${samples}, ${classes}]`
    throw new TypeError(`${cannot} yTrue of shape ${wanted}, got [${yTrue.shape}]`)
  }
  if (positiveClass >= classes) {
    throw new RangeError(
      `${cannot} positiveClass to be below the ${classes} classes, got ${positiveClass}`,
    )
  }
  return { samples, classes, oneOutput: outputs === 1, positiveClass }
}

/**
 * One-hot rows `[n, classes]`, float32, of labels in any of the allowed shapes. With one output,
 * labels of one column may lie between the two class indices: soft labels, the probability of class
 * 1. A label that is no class has a row of 0.
 */
export function oneHotLabels(yTrue: Tensor, { samples, classes, oneOutput }: Batch): Tensor2D {
  const labels = cast(yTrue, 'float32')
  if (yTrue.rank === 2 && yTrue.shape[1] === classes) return labels as Tensor2D
  const column = reshape(labels, [samples, 1])
  if (oneOutput) {
    const isLabel = equal(column, clipByValue(column, 0, 1))
    return mul(concat([sub(1, column), column], 1), cast(isLabel, 'float32')) as Tensor2D
  }
  return cast(equal(column, range(0, classes)), 'float32') as Tensor2D
}

/**
 * 1 for the samples of a ranking problem's class and 0 for all others, float32. Two classes are one
 * problem, that of the positive class: `[1, n]`. More classes are one each: `[classes, n]`. Soft
 * labels above 1/2 count as 1, an index that is no class as 0.
 */
export function positiveRows(
  yTrue: Tensor,
  { samples, classes, oneOutput, positiveClass }: Batch,
): Tensor {
  if (yTrue.rank === 2 && yTrue.shape[1] === classes) {
    const own = classes === 2 ? slice(yTrue as Tensor2D, [0, positiveClass], [-1, 1]) : yTrue
    return cast(greater(transpose(own), 0.5), 'float32')
  }
  const row = reshape(yTrue, [1, samples])
  if (oneOutput) return cast(positiveClass === 1 ? greater(row, 0.5) : less(row, 0.5), 'float32')
  return cast(
    equal(row, classes === 2 ? positiveClass : reshape(range(0, classes), [classes, 1])),
    'float32',
  )
}
