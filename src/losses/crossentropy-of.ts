import {
  logSoftmax,
  mean,
  mul,
  neg,
  type Scalar,
  sum,
  type Tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import type { OutputOption } from '../internal/model-output.js'
import { checkBatch, oneHotLabels } from './labels.js'
import { classLogits } from './loss-logits.js'

interface Crossentropy {
  readonly weights: number | readonly number[]
  readonly positiveClass: number
  readonly output: OutputOption
  readonly normalise: boolean
}

/** What `weightedCrossentropy` computes, for options that are checked. */
export function crossentropyOf(settings: Crossentropy): (yTrue: Tensor, yPred: Tensor) => Scalar {
  const { positiveClass, output } = settings
  return (yTrue, yPred) => {
    const batch = checkBatch(yTrue, yPred, { name: 'weightedCrossentropy', positiveClass })
    const gamma = weightPerClass(batch.classes, settings)
    return tidy(() => {
      const logProbabilities = logSoftmax(classLogits(yPred, batch, output))
      const weighted = mul(tensor1d(gamma), oneHotLabels(yTrue, batch))
      return neg(mean<Scalar>(sum(mul(weighted, logProbabilities), 1)))
    })
  }
}

function weightPerClass(
  classes: number,
  { weights, positiveClass, normalise }: Crossentropy,
): number[] {
  const single = typeof weights === 'number'
  const gamma = single
    ? Array.from({ length: classes }, (_, c) => (c === positiveClass ? weights : 1))
    : [...weights]
  if (gamma.length !== classes) {
    const wanted = `one weight for each of ${classes} classes`
    throw new TypeError(
      `Cannot compute weightedCrossentropy: expected ${wanted}, got ${gamma.length}`,
    )
  }
  const total = gamma.reduce((sum, weight) => sum + weight, 0)
  return normalise ? gamma.map((weight) => (weight / total) * classes) : gamma
}
