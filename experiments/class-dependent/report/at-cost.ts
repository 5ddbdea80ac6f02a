import type { StudyLevel } from '../rows.js'
import { FIGURES, type FigureName } from './figures.js'

/**
 * A figure where a system has at least a share of multiply-adds: at its cheapest level that costs no
 * less, or at its dearest one where all cost less. A line between two levels would lie above a curve
 * that bends downwards, and flatter the system that is compared with it.
 */
export function atCost(
  levels: readonly StudyLevel[],
  figure: FigureName,
  multiplyAdds: number,
): number {
  const rising = levels.toSorted((a, b) => a.multiplyAdds - b.multiplyAdds)
  const level = rising.find((one) => one.multiplyAdds >= multiplyAdds) ?? rising.at(-1)!
  return FIGURES[figure].of(level)
}
