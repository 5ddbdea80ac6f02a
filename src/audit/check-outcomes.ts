import { describe } from '../internal/describe.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { checkFinite } from '../internal/option-checks.js'
import { checkPredictions } from '../metrics/predictions.js'
import type { NumberArray } from '../types.js'
import type { Outcomes } from './outcomes.js'

/** The task in errors. */
export const task = 'audit'

/** The networks of both sides. */
export interface Populations {
  readonly dense: readonly Outcomes[]
  readonly pruned: readonly Outcomes[]
}

/** Lists of networks, one where a single one is given. Throws unless they are of one length. */
export function paired<T>(
  dense: T | readonly T[],
  pruned: T | readonly T[],
): { dense: readonly T[]; pruned: readonly T[] } {
  const list = (side: T | readonly T[]) => (Array.isArray(side) ? side : [side]) as readonly T[]
  const sides = { dense: list(dense), pruned: list(pruned) }
  const [wanted, got] = [sides.dense.length, sides.pruned.length]
  if (wanted === 0) throw new RangeError(`Cannot ${task}: expected at least one network, got none`)
  if (wanted === got) return sides
  const pairs = `a pruned network for each of ${wanted} dense ones`
  throw new RangeError(`Cannot ${task}: expected ${pairs}, got ${got}`)
}

/** Throws unless all networks were measured on the same samples, and their numbers are ones. */
export function checkOutcomes({ dense, pruned }: Populations, classes: number | undefined): void {
  const first = dense[0]!
  for (const [side, networks] of Object.entries({ dense, pruned }))
    for (const [place, outcomes] of networks.entries()) {
      const name = networks.length === 1 ? `${side} network` : `${side} network ${place}`
      checkShape(outcomes, name)
      const { labels, predictions } = outcomes
      checkPredictions(labels, { [name]: predictions }, { task, classes })
      checkSameLabels(labels, first.labels, name)
      checkScores(outcomes, name)
    }
}

function checkShape(outcomes: Outcomes, name: string): void {
  const wanted = `{ labels, predictions } of the ${name}`
  if (typeof outcomes !== 'object' || outcomes === null)
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(outcomes)}`)
  for (const part of ['labels', 'predictions'] as const)
    if (outcomes[part] === undefined)
      throw new TypeError(
        `Cannot ${task}: expected ${wanted} (as evaluateOn gives), got no ${part}`,
      )
}

function checkSameLabels(labels: NumberArray, first: NumberArray, name: string): void {
  if (labels === first) return
  if (labels.length !== first.length) {
    const wanted = `the ${first.length} samples of all networks for the ${name}`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${labels.length}`)
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === first[i]) continue
    const wanted = `label ${i} of the ${name} to be ${first[i]}, as of the first`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${labels[i]}`)
  }
}

function checkScores(outcomes: Outcomes, name: string): void {
  const { labels, logits, scores, positiveClass, threshold } = outcomes
  if (logits !== undefined) {
    const columns = logits.length / labels.length
    if (!Number.isInteger(columns) || columns < 2) {
      const wanted = `a row of 2 logits or more for each of ${labels.length} samples`
      const got = `${logits.length} in all of the ${name}`
      throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
    }
    checkNumbers(logits, `logit # of the ${name}`)
  }
  if (positiveClass !== undefined)
    checkClassIndex(positiveClass, { task, name: `positiveClass of the ${name}` })
  if (threshold !== undefined) {
    checkFinite(threshold, { task, name: `threshold of the ${name}` })
    if (positiveClass === undefined)
      throw new TypeError(`Cannot ${task}: expected positiveClass beside threshold, got none`)
  }
  if (scores === undefined) return
  if (scores.length !== labels.length) {
    const wanted = `as many scores as labels of the ${name}`
    const got = `${scores.length} for ${labels.length}`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  checkNumbers(scores, `score # of the ${name}`)
}

/** Throws unless all values are finite; `#` in the name stands for the place of the one that is not. */
function checkNumbers(values: NumberArray, name: string): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      checkFinite(values[i], { task, name: name.replace('#', `${i}`) })
}
