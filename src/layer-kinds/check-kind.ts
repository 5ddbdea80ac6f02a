import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkFlag, oneOf, required } from '../internal/option-checks.js'
import { checkKindWeights } from './check-kind-weights.js'
import { checkText, dimensionList, nameList, sizeChecks } from './kind-checks.js'
import type { LayerKind } from './layer-kind.js'

const task = 'register a layer kind'

const checkClassName: OptionCheck = (value, option) => {
  checkText(value, option)
  if (!(value as string).startsWith('tfjs-prune>')) return
  const wanted = `${option.name} without tfjs-prune>, which masking layers begin with`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
}

const checks: OptionChecks<LayerKind> = {
  className: required(checkClassName),
  weights: required(checkKindWeights),
  outputs: dimensionList,
  sizes: (value) => checkOptions(value as object, { task, checks: sizeChecks }),
  window: oneOf('gathers', 'spreads'),
  ignoresDilation: checkFlag,
  recurrent: checkFlag,
  cell: checkText,
  gates: nameList,
  passes: oneOf('same', 'order', 'joined'),
  stage: oneOf('activation', 'normalisation', 'noise'),
  probabilities: oneOf('kept', 'unnormalised', 'lost', 'none'),
  called: oneOf('units', 'filters', 'channels', 'dimensions'),
  closed: checkFunction,
}

/** Throws unless a kind is one, and no kind of another class among `known` has the same cell. */
export function checkKind(kind: LayerKind, known: Iterable<LayerKind>): void {
  checkOptions(kind, { task, checks })
  const { cell, className } = kind
  if (cell === undefined) return
  for (const other of known) {
    if (other.cell !== cell || other.className === className) continue
    const wanted = 'a cell that no other kind has'
    throw new RangeError(
      `Cannot ${task}: expected ${wanted}, got ${describe(cell)} of ${other.className}`,
    )
  }
}
