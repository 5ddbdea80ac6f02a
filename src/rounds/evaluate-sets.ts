import type { Evaluate, EvaluateSets, Evaluation } from '../types.js'
import { checkEvaluation } from './check-round.js'

/** Whether an option holds an evaluation for each of several sets. */
export function isSets(evaluate: Evaluate | EvaluateSets): evaluate is EvaluateSets {
  // Data are no sets: the message for them is that of one evaluation.
  if (typeof evaluate !== 'object' || evaluate === null || 'xs' in evaluate) return false
  return Object.getPrototypeOf(evaluate) === Object.prototype && Object.keys(evaluate).length > 0
}

/** One evaluation of several sets: that of the first, with its name and those of the others. */
export function evaluateSets(sets: EvaluateSets): Evaluate {
  const entries = Object.entries(sets)
  const evaluate: Evaluate = async (model, context) => {
    const found: [string, Evaluation][] = []
    for (const [name, one] of entries) {
      const evaluation = await one(model, context)
      checkEvaluation(evaluation, one)
      found.push([name, evaluation])
    }
    return joined(found)
  }
  if (entries.some(([, { check }]) => !check)) return evaluate
  const check: Evaluate['check'] = async (model) => {
    const found: [string, Evaluation][] = []
    for (const [name, one] of entries) {
      const few = await one.check!(model)
      if (few) found.push([name, few])
    }
    return found.length === entries.length ? joined(found) : undefined
  }
  return Object.assign(evaluate, { check })
}

function joined([first, ...others]: readonly [string, Evaluation][]): Evaluation {
  const [set, evaluation] = first!
  return { ...evaluation, set, sets: Object.fromEntries(others) }
}
