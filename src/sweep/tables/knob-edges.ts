import type { RowLabels } from './row-labels.js'

/** Where a value lies among those that were tried, if not between them. */
export type KnobEdge = 'lowest' | 'highest' | 'only'

/** The numerical knobs of a point whose value is an outermost one of all points. */
export function edgesOf(
  point: RowLabels,
  points: readonly RowLabels[],
): Readonly<Record<string, KnobEdge>> {
  const edges = Object.entries(point).flatMap(([knob, value]): [string, KnobEdge][] => {
    const values = points.map((other) => other[knob])
    if (new Set(values).size === 1) return [[knob, 'only']]
    const numbers = values.filter((other) => typeof other === 'number')
    if (numbers.length < values.length) return []
    if (value === Math.min(...numbers)) return [[knob, 'lowest']]
    return value === Math.max(...numbers) ? [[knob, 'highest']] : []
  })
  return Object.fromEntries(edges)
}
