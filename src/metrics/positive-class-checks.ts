import type { OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { required } from '../internal/option-checks.js'

/** The options of a metric that has none but the positive class. */
export const positiveClassChecks: OptionChecks<{ readonly positiveClass: number }> = {
  positiveClass: required(checkClassIndex),
}
