import { stoppingRuleLaws } from '../../src/testing/stopping-rule-laws.js'
import type { StoppingRule } from '../../src/types.js'
import { conformance } from './laws.js'

/** Runs the contract of a stopping rule over one member: `make` makes it anew. */
export function stoppingRuleConformance(name: string, make: () => StoppingRule): void {
  conformance(name, stoppingRuleLaws, make)
}
