import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { oneOf, required } from '../internal/option-checks.js'
import { checkText, dimensionList, within } from './kind-checks.js'
import type { KindWeight } from './layer-kind.js'

/** Throws unless `value` holds weights by role, each with a known use and known axes. */
export const checkKindWeights: OptionCheck = (value, { task, name }) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const wanted = `${name} to be an object of weights by role`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
  }
  for (const [role, weight] of Object.entries(value)) {
    checkText(role, { task, name: 'each role' })
    checkOptions<KindWeight>(weight, { task, checks: checksOf(role) })
  }
}

/** The checks of one weight, whose messages name its role. */
function checksOf(role: string): OptionChecks<KindWeight> {
  const ofRole = (check: OptionCheck) => within(role, check)
  return {
    use: required(ofRole(oneOf('kernel', 'scale', 'shift', 'mean', 'variance', 'other'))),
    axes: required(ofRole(checkAxes)),
    makes: ofRole(dimensionList),
    option: ofRole(checkText),
    initializer: ofRole(checkText),
  }
}

/** Dimensions may share an axis. */
const checkAxes: OptionCheck = (value, option) =>
  dimensionList(Array.isArray(value) ? value.flat() : value, option)
