import { oneOf } from './option-checks.js'

/** The outputs of a model: raw scores, or those of a sigmoid or softmax. */
export type ModelOutput = 'logits' | 'probabilities'

/** An `output` option; `'auto'`: as the model's own last activation says. */
export type OutputOption = 'auto' | ModelOutput

/** Throws a RangeError unless an option is an {@link OutputOption}. */
export const checkOutput = oneOf('auto', 'logits', 'probabilities')
