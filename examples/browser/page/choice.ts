import type { Report } from '../shared/contract.js'
import { ruleOf } from '../shared/rule.js'
import type { Choices, RunView } from './state.js'

/** The level that the budget keeps, and why; the same rule as in the worker. */
export function choiceOf(
  { reports }: RunView,
  { budget, levels }: Choices,
): { readonly keep: number | undefined; readonly reason: string } | undefined {
  if (reports.length < levels) return undefined
  return ruleOf(budget)(reports as readonly Report[])
}
