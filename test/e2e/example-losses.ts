/** The losses that the pages compute, each with the batch that it gets. */
import { grad, randomUniform, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { classDependent, type Loss, weightedCrossentropy } from 'tfjs-prune'
import {
  asymmetric,
  aucm,
  aucPairwise,
  falseNegativeBudget,
  focal,
  highRecallPairwise,
  ldam,
  logitAdjusted,
  lowFalseAlarmPairwise,
  softFBeta,
  squaredHingeRank,
} from 'tfjs-prune/losses'

const counts = (outputs: number) => [40, 10, 20].slice(0, Math.max(outputs, 2))

/** Each makes a loss for a model with so many outputs. */
export const LOSSES: Readonly<Record<string, (outputs: number) => Loss>> = {
  weightedCrossentropy: () => weightedCrossentropy({ weights: 5 }),
  squaredHingeRank: () => squaredHingeRank({ lambda: 5 }),
  classDependent: () => classDependent({ gamma: 5, lambda: 5 }),
  'classDependent of probabilities': () =>
    classDependent({ gamma: 5, lambda: 5, output: 'probabilities' }),
  aucPairwise: () => aucPairwise({ form: 'pairs' }),
  'aucPairwise by a scan': () => aucPairwise({ form: 'scan' }),
  highRecallPairwise: () => highRecallPairwise({ worst: 0.5 }),
  lowFalseAlarmPairwise: () => lowFalseAlarmPairwise({ hardest: 0.5 }),
  'lowFalseAlarmPairwise by temperature': () => lowFalseAlarmPairwise({ temperature: 2 }),
  falseNegativeBudget: () =>
    falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }),
  focal: () => focal(),
  ldam: (outputs) => ldam({ counts: counts(outputs) }),
  logitAdjusted: (outputs) => logitAdjusted({ counts: counts(outputs) }),
  asymmetric: () => asymmetric(),
  softFBeta: () => softFBeta(),
  aucm: () => aucm(),
}

/** A loss over a fixed batch, and its gradient: new tensors. */
export function lossOfBatch(loss: Loss, outputs: number): [value: Tensor, gradient: Tensor] {
  const labels = Array.from({ length: 12 }, (_, i) =>
    i % 4 === 0 ? 1 : i % 4 === 2 && outputs === 3 ? 2 : 0,
  )
  return tidy(() => {
    const yTrue = tensor1d(labels)
    const yPred = randomUniform([12, outputs], 0.1, 0.9, 'float32', 7)
    const gradient = grad((prediction: Tensor) => loss(yTrue, prediction))(yPred)
    return [loss(yTrue, yPred), gradient]
  })
}
