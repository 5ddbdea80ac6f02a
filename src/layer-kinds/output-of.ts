import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import type { ModelOutput, OutputOption } from '../internal/model-output.js'
import type { Ending } from './ending.js'
import { modelEnding } from './model-ending.js'

interface Asked {
  /** The reason why it is asked, e.g. `evaluate`. */
  readonly task: string
  /** The caller's option. */
  readonly output?: OutputOption
  /** Given where each output is a label of its own, and no class of one choice. */
  readonly label?: unknown
  /** Whether `output` is the caller's. @default true */
  readonly isOption?: boolean
  /** Which of the model's outputs. @default 0 */
  readonly place?: number
  /** What to do where the model does not tell, and where its outputs are several sigmoids. */
  readonly remedies?: readonly [unclear: string, several: string]
}

const SAY = "say output: 'logits' or 'probabilities' in"
const REMEDIES = [
  `${SAY} the loss and in the evaluation`,
  'give label for each (in fit: perLabel or forLabel as loss)',
] as const

/** What a run with a teacher asks for. */
export const TEACHING = [`${SAY} teach`, 'give perLabel: true'] as const

/**
 * The output of a model: as the option says, or with `'auto'` as the model's own last activation
 * does. Throws a RangeError where the two contradict each other, since every score would be off,
 * and where the model does not tell.
 */
export function outputOf(
  model: LayersModel,
  { task, output = 'auto', label, isOption = true, place = 0, remedies = REMEDIES }: Asked,
): ModelOutput {
  checkModel(model, task)
  const ending = modelEnding(model, place)
  const { kind } = ending
  const refuse = (wanted: string, got: string, remedy: string) =>
    new RangeError(
      `Cannot ${task}: expected a model that ${wanted}, got one that ends in ${got}: ${remedy}`,
    )
  if (kind === 'softmax' && label !== undefined)
    throw refuse('scores each label by itself', 'a softmax', 'leave label out, or take sigmoids')
  if (output === 'logits' && (kind === 'sigmoid' || kind === 'softmax')) {
    const remedy = `leave ${isOption ? 'the option output out, or' : 'out'} the ${kind}`
    throw refuse('puts out logits', `a ${kind}`, remedy)
  }
  if (output !== 'auto') return output
  const { shape } = model.outputs[place]!
  const isOne = label !== undefined || shape.length < 2
  const columns = isOne ? 1 : Number(shape.at(-1))
  const reason = whyUnclear(ending, columns)
  if (reason !== undefined) {
    const [unclear, several] = remedies
    const remedy = kind === 'sigmoid' ? `${several}, or ${unclear}` : unclear
    throw refuse('tells its output', reason, remedy)
  }
  return kind === 'sigmoid' || kind === 'softmax' ? 'probabilities' : 'logits'
}

/** Why the outputs, this many a sample, are neither scores nor the probabilities of one choice. */
function whyUnclear(ending: Ending, columns: number): string | undefined {
  const { kind } = ending
  if (kind === 'unknown') return ending.layer
  if (kind === 'sigmoid' && columns > 1)
    return `${columns} sigmoids, which are no choice among ${columns} classes`
  if (kind === 'softmax' && (ending.classes !== columns || columns === 1))
    return `softmaxes over ${ending.classes} of ${columns} outputs`
  // Two scores are compared with each other, one with 0.
  if (columns > 1) return undefined
  if (kind === 'positive') return 'a score that is never negative'
  if (kind === 'floored') return 'a score that is hardly ever negative'
  return kind === 'bounded' ? 'a score from -1 to 1' : undefined
}
