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
import type { Loss } from '../types.js'
import { crossentropyOfRows } from './crossentropy-of-rows.js'
import { checkBatch, oneHotLabels, type Shaped } from './labels.js'
import { classLogits } from './loss-logits.js'

interface Crossentropy {
  readonly weights: number | readonly number[]
  readonly positiveClass: number
  readonly output: OutputOption
  readonly normalise: boolean
}

/** What `weightedCrossentropy` computes, for options that are checked. */
export function crossentropyOf(settings: Crossentropy): Pick<Loss, 'onRows'> & Compute {
  const { positiveClass, output } = settings
  const check = (yTrue: Shaped, yPred: Shaped) => {
    const batch = checkBatch(yTrue, yPred, { name: 'weightedCrossentropy', positiveClass })
    return { ...batch, gamma: weightPerClass(batch.classes, settings) }
  }
  const compute: Compute = (yTrue, yPred) => {
    const { gamma, ...batch } = check(yTrue, yPred)
    return tidy(() => {
      const logProbabilities = logSoftmax(classLogits(yPred, batch, output))
      const weighted = mul(tensor1d(gamma), oneHotLabels(yTrue, batch))
      return neg(mean<Scalar>(sum(mul(weighted, logProbabilities), 1)))
    })
  }
  if (output === 'probabilities') return compute
  const onRows: Loss['onRows'] = (yTrue, yPred) =>
    crossentropyOfRows(yTrue, yPred, check(yTrue, yPred))
  return Object.assign(compute, { onRows })
}

type Compute = (yTrue: Tensor, yPred: Tensor) => Scalar

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
