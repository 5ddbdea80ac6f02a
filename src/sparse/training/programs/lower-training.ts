import type { Operation, Step } from '../../network/network.js'
import { lowerStep } from '../../programs/lower.js'
import { lowerCutGradient } from './cut-gradient.js'
import { lowerActivateGradient, lowerSoftmaxGradient } from './element-gradients.js'
import { lowerGiven } from './given.js'
import { lowerMaximumGradient } from './maximum-gradient.js'
import { lowerNormalise, lowerNormaliseGradient, type MomentsOf } from './normalise.js'
import { lowerProductGradient } from './product-gradient.js'
import type { TrainingBuilder } from './training-builder.js'

type Lowering = (
  training: TrainingBuilder,
  step: Step,
  operation: never,
  moments: MomentsOf,
) => void

const lowerings: Readonly<Partial<Record<Operation['kind'], Lowering>>> = {
  given: lowerGiven,
  productGradient: lowerProductGradient,
  cutGradient: lowerCutGradient,
  activateGradient: lowerActivateGradient,
  maximumGradient: lowerMaximumGradient,
  softmaxGradient: lowerSoftmaxGradient,
  normalise: lowerNormalise,
  normaliseGradient: lowerNormaliseGradient,
}

/** Adds the tasks of a step, be it of running or of training alone. */
export function lowerTraining(training: TrainingBuilder, step: Step, moments: MomentsOf): void {
  const lower = lowerings[step.operation.kind]
  if (lower) lower(training, step, step.operation as never, moments)
  else lowerStep(training.builder, step)
}
