import { countHighest } from './count-highest.js'
import type { Candidates } from './split-candidates.js'

/** The mask of the `count` highest scores, see `keepHighest`; as many mask values as scores. */
export function selectHighest(group: Candidates, count: number): Uint8Array {
  const kept = new Uint8Array(group.scores.length)
  countHighest([group], count, [kept])
  return kept
}
