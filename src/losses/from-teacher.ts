import {
  add,
  div,
  exp,
  logSoftmax,
  mean,
  mul,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import type { OptionChecks } from '../internal/check-options.js'
import type { ModelOutput } from '../internal/model-output.js'
import { checkPositive, numberThat } from '../internal/option-checks.js'
import { classLogits } from './loss-logits.js'

/** How much a teacher counts in a loss. */
export interface TeacherShare {
  /** Share of the teacher, in [0, 1]; the labels have the rest. */
  readonly weight: number
  /** Divisor of the scores of both sides, finite and above 0. */
  readonly temperature: number
}

export const shareChecks: OptionChecks<Partial<TeacherShare>> = {
  weight: numberThat('a number in [0, 1]', (share) => share >= 0 && share <= 1),
  temperature: checkPositive,
}

/** Mean over the rows of KL(softmax(teacher / T) || softmax(logits / T)). */
export function divergence(teacher: Tensor2D, logits: Tensor2D, temperature: number): Scalar {
  const wanted = logSoftmax(div(teacher, temperature))
  const given = logSoftmax(div(logits, temperature))
  return mean(sum(mul(exp(wanted), sub(wanted, given)), 1))
}

/** (1 - w) cost + w T^2 divergence; to be called in a tidy. */
export function blend(cost: Scalar, far: Scalar, { weight, temperature }: TeacherShare): Scalar {
  return add(mul(1 - weight, cost), mul(weight * temperature ** 2, far)) as Scalar
}

interface Head {
  readonly output: ModelOutput
  /** A column that is a label of its own, or all of them. @default one choice a sample */
  readonly label?: number | 'all' | undefined
}

/**
 * Logits of the choices that a batch of outputs makes: `[n, classes]`, or `[n labels, 2]` where
 * each label is a choice by itself.
 */
export function choiceLogits(outputs: Tensor, { output, label }: Head): Tensor2D {
  const [samples = 0, columns = 1] = outputs.shape
  const isOne = typeof label === 'number' && outputs.rank > 1
  const own = isOne ? slice(outputs, [0, label], [samples, 1]) : outputs
  const oneOutput = label !== undefined || columns === 1
  return classLogits(own, { samples: oneOutput ? own.size : samples, oneOutput }, output)
}
