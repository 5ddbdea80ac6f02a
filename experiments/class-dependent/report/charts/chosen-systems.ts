import { type Judged, runsOf } from '../judged.js'

/** Most systems that stay apart in a chart. */
const MOST = 6

/**
 * The systems of a chart: those preferred that have rows, then others with rows, six at most. A
 * network that is not pruned is left out.
 */
export function chosenSystems(judged: Judged, preferred: readonly string[]): string[] {
  const isPruned = (system: string) =>
    runsOf(judged, system).some(({ levels }) => levels.length > 1)
  return [...new Set([...preferred, ...judged.systems])].filter(isPruned).slice(0, MOST)
}
