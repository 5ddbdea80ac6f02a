import { ones, reshape, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { OptionCheck, OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, checkNotNegative, checkPositive, oneOf } from '../internal/option-checks.js'
import { followOutput } from './follow-output.js'
import { type Batch, checkBatch, positiveRows } from './labels.js'
import { scoreRows } from './loss-logits.js'
import { hingeByScan, hingeOverPairs } from './pairwise-hinge.js'
import type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'

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

/**
 * The squared hinge of all pairs, or of the pairs of a share of lowest positives, as the loss
 * called `name`. The options are checked already.
 */
export function pairwiseLoss(
  name: string,
  options: AucPairwiseOptions,
  worst?: number,
): PairwiseLoss {
  const { margin = 1, weights = 1, positiveClass = 1, output = 'auto', form = 'auto' } = options
  const own = {
    margin,
    weights: typeof weights === 'number' ? weights : [...weights],
    positiveClass,
    output,
    form,
  }
  const settings = worst === undefined ? own : { worst, ...own }
  const loss = (yTrue: Tensor, yPred: Tensor, sampleWeights?: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name, positiveClass })
    checkSampleWeights(sampleWeights, batch, name)
    const rowWeights = weightPerRow(settings.weights, batch, name)
    const { samples } = batch
    const inPairs =
      form === 'pairs' || (form === 'auto' && rowWeights.length * samples ** 2 <= mostPairs)
    const hingeOf = inPairs ? hingeOverPairs : hingeByScan
    return tidy(() =>
      hingeOf(scoreRows(yPred, batch, output), {
        positives: positiveRows(yTrue, batch),
        sampleWeights: sampleWeights ? reshape(sampleWeights, [1, samples]) : ones([1, samples]),
        ...{ rowWeights, margin, worst: worst ?? 1 },
      }),
    )
  }
  return followOutput<PairwiseLoss>(loss, {
    settings,
    remake: (kind) => pairwiseLoss(name, { ...options, output: kind }, worst),
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
