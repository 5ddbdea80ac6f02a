import { ones, reshape, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { OptionCheck, OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, checkNotNegative, checkPositive, oneOf } from '../internal/option-checks.js'
import { followOutput } from './follow-output.js'
import { type Batch, checkBatch, positiveRows } from './labels.js'
import { scoreRows } from './loss-logits.js'
import { hingeByScan, hingeOverPairs } from './pairwise-hinge.js'
import type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'
import { softOverPairs } from './pairwise-soft.js'

/**
 * Most entries of the matrices of pairs that `form: 'auto'` makes: 1,024 samples with two classes.
 */
const mostPairs = 1024 ** 2

const checkWeights: OptionCheck = (weights, { task, name }) => {
  const list = Array.isArray(weights) ? weights : undefined
  if (list === undefined) checkNotNegative(weights, { task, name })
  else if (list.length < 2) {
    throw new TypeError(
      `Cannot ${task}: expected ${name} to hold one number per class, got ${list.length}`,
    )
  }
  for (const [index, weight] of list?.entries() ?? [])
    checkNotNegative(weight, { task, name: `${name}[${index}]` })
}

/** The checks of the options that all losses over pairs have. */
export const pairwiseChecks: OptionChecks<AucPairwiseOptions> = {
  margin: checkPositive,
  weights: checkWeights,
  positiveClass: checkIndex,
  output: checkOutput,
  form: oneOf('auto', 'pairs', 'scan'),
}

/** The pairs that count: shares of the sides, or temperatures in their place. All are settings. */
export interface PairChoice {
  readonly worst?: number
  readonly hardest?: number
  readonly temperature?: number
  readonly positiveTemperature?: number
}

/**
 * The squared hinge of all pairs, or of those that a choice names, as the loss called `name`. The
 * options are checked already.
 */
export function pairwiseLoss(
  name: string,
  options: AucPairwiseOptions,
  choice: PairChoice = {},
): PairwiseLoss {
  const { margin = 1, weights = 1, positiveClass = 1, output = 'auto', form = 'auto' } = options
  const own = {
    margin,
    weights: typeof weights === 'number' ? weights : [...weights],
    positiveClass,
    output,
    form,
  }
  const settings = { ...choice, ...own }
  const { worst = 1, hardest = 1, temperature, positiveTemperature } = choice
  const loss = (yTrue: Tensor, yPred: Tensor, sampleWeights?: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name, positiveClass })
    checkSampleWeights(sampleWeights, batch, name)
    const rowWeights = weightPerRow(settings.weights, batch, name)
    const { samples } = batch
    const inPairs =
      form === 'pairs' || (form === 'auto' && rowWeights.length * samples ** 2 <= mostPairs)
    return tidy(() => {
      const scores = scoreRows(yPred, batch, output)
      const problem = {
        positives: positiveRows(yTrue, batch),
        sampleWeights: sampleWeights ? reshape(sampleWeights, [1, samples]) : ones([1, samples]),
        ...{ rowWeights, margin, worst, hardest },
      }
      if (temperature === undefined)
        return inPairs ? hingeOverPairs(scores, problem) : hingeByScan(scores, problem)
      const temperatures = { negatives: temperature, positives: positiveTemperature }
      return softOverPairs(scores, problem, temperatures)
    })
  }
  return followOutput<PairwiseLoss>(loss, {
    settings,
    // All pairs alike treat both sides alike.
    favours: Object.keys(choice).length > 0 ? positiveClass : undefined,
    remake: (kind) => pairwiseLoss(name, { ...own, output: kind }, choice),
  })
}

function checkSampleWeights(weights: Tensor | undefined, { samples }: Batch, name: string): void {
  if (weights === undefined) return
  const [rows, columns = 1, ...rest] = weights.shape ?? []
  if (rows === samples && columns === 1 && rest.length === 0) return
  const got = weights.shape ? `[${weights.shape}]` : String(weights)
  throw new TypeError(
    `Cannot compute ${name}: expected sampleWeights of shape [${samples}] or [${samples}, 1], got ${got}`,
  )
}

/** Weight of each ranking problem: that of the positive class, or 1/M of each of M > 2 classes. */
function weightPerRow(
  weights: number | readonly number[],
  { classes, positiveClass }: Batch,
  name: string,
): number[] {
  const perClass =
    typeof weights === 'number' ? Array.from({ length: classes }, () => weights) : weights
  if (perClass.length !== classes) {
    const wanted = `one weight for each of ${classes} classes`
    throw new TypeError(`Cannot compute ${name}: expected ${wanted}, got ${perClass.length}`)
  }
  return classes === 2 ? [perClass[positiveClass]!] : perClass.map((weight) => weight / classes)
}
