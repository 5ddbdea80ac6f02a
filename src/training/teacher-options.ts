import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkFlag } from '../internal/option-checks.js'
import { shareChecks } from '../losses/from-teacher.js'

/** Options of {@link denseTeacher} and {@link modelTeacher}. */
export interface TeacherOptions {
  /**
   * Share of the teacher in the loss, in [0, 1]; the labels have the rest. 0 is a run without a
   * teacher. @default 0.5
   */
  readonly weight?: number
  /**
   * Divisor of the logits of both, finite and above 0: the higher, the more the classes count that
   * the teacher thinks unlikely. @default 4
   */
  readonly temperature?: number
  /**
   * The outputs of model and teacher; `'auto'`: as the loss of `fit` says, or else their last
   * activations. @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
  /**
   * Each output is a label of its own, a sigmoid or a logit. @default as the loss of `fit` reads
   * them: `forLabel` and `perLabel` do so; in own loops false
   */
  readonly perLabel?: boolean
}

export const task = 'teach'

const checks: OptionChecks<TeacherOptions> = {
  ...shareChecks,
  output: checkOutput,
  perLabel: checkFlag,
}

/** A copy of the options of a teacher. Throws unless they are of the right types and in range. */
export function teacherOptions(options: TeacherOptions): TeacherOptions {
  checkOptions(options, { task, checks })
  return copyOptions(options, checks)
}
