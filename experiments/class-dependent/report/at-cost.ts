import type { StudyLevel } from '../rows.js'
import { FIGURES, type FigureName } from './figures.js'

/**
 * A figure where a system would have a share of multiply-adds: on the straight line, by the
 * logarithm of the share, between the two levels around it. Below the cheapest level: that of the
 * cheapest.
 */
export function atCost(
  levels: readonly StudyLevel[],
  figure: FigureName,
  multiplyAdds: number,
): number {
  const falling = levels.toSorted((a, b) => b.multiplyAdds - a.multiplyAdds)
  const below = falling.findIndex((level) => level.multiplyAdds <= multiplyAdds)
  const { of } = FIGURES[figure]
  if (below === 0) return of(falling[0]!)
  if (below < 0) return of(falling.at(-1)!)
  const [dear, cheap] = [falling[below - 1]!, falling[below]!]
  const [high, low] = [dear, cheap].map((level) => Math.log(level.multiplyAdds))
  const share = (Math.log(multiplyAdds) - low!) / (high! - low!)
  return share * of(dear) + (1 - share) * of(cheap)
}
