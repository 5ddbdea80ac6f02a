import type { Certificate, CertifiedLevel } from './certificate.js'
import { conclude } from './conclude.js'
import type { Plan } from './plan.js'
import { type TestedScores, testLevel } from './test-level.js'

/** Tests levels in their order until the first that fails. */
export function testInOrder(levels: readonly TestedScores[], plan: Plan): Certificate {
  const tested: CertifiedLevel[] = []
  for (const level of levels) {
    tested.push(testLevel(level, plan))
    if (!tested.at(-1)!.passed) break
  }
  return conclude(plan, tested)
}
