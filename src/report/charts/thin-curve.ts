/** A point of a curve in the unit square. */
export interface CurvePoint {
  readonly x: number
  readonly y: number
}

/** Distance that no screen shows. */
const LEAST = 0.002

/**
 * A curve without the points that nobody sees: those on a straight line between their neighbours,
 * and those hardly away from the last. First and last stay.
 */
export function thinCurve(points: readonly CurvePoint[]): CurvePoint[] {
  const corners = points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]]
    if (!before || !after) return true
    const isFlat = before.y === point.y && point.y === after.y
    const isSteep = before.x === point.x && point.x === after.x
    return !isFlat && !isSteep
  })
  const kept: CurvePoint[] = []
  for (const [i, point] of corners.entries()) {
    const last = kept.at(-1)
    const isFar = !last || Math.abs(point.x - last.x) + Math.abs(point.y - last.y) >= LEAST
    if (isFar || i === corners.length - 1) kept.push(point)
  }
  return kept
}
