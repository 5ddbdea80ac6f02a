import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import type { ModelOutput, OutputOption } from '../internal/model-output.js'
import type { Ending } from './ending-rules.js'
import { modelEnding } from './model-ending.js'

interface Asked {
  /** The reason why it is asked, e.g. `evaluate`. */
  readonly task: string
  /** The caller's option. */
  readonly output?: OutputOption
}

/**
 * The output of a model: as the option says, or with `'auto'` as the model's own last activation
 * does. Throws a RangeError where the two contradict each other, since every score would be off,
 * and where the model does not tell.
 */
export function outputOf(model: LayersModel, { task, output = 'auto' }: Asked): ModelOutput {
  checkModel(model, task)
  const ending = modelEnding(model)
  if (output === 'logits' && (ending.kind === 'sigmoid' || ending.kind === 'softmax')) {
    throw new RangeError(
      `Cannot ${task}: expected a model that puts out logits, got one that ends in a ` +
        `${ending.kind}: leave the option output out, or the ${ending.kind}`,
    )
  }
  if (output !== 'auto') return output
  const { shape } = model.outputs[0]!
  const reason = whyUnclear(ending, shape.length > 1 ? Number(shape.at(-1)) : 1)
  if (reason === undefined) return ending.kind === 'scores' ? 'logits' : 'probabilities'
  const remedy = "say output: 'logits' or 'probabilities' in the loss and in the evaluation"
  const got = `one that ends in ${reason}`
  throw new RangeError(
    `Cannot ${task}: expected a model that tells its output, got ${got}: ${remedy}`,
  )
}

/** Why the outputs, this many a sample, are neither scores nor the probabilities of one choice. */
function whyUnclear(ending: Ending, columns: number): string | undefined {
  if (ending.kind === 'unknown') return ending.layer
  if (ending.kind === 'sigmoid' && columns > 1)
    return `${columns} sigmoids, which are no choice among ${columns} classes`
  if (ending.kind === 'softmax' && ending.classes !== columns)
    return `softmaxes over ${ending.classes} of ${columns} outputs`
  return undefined
}
