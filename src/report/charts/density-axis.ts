/** Places of points along a logarithmic axis of densities, from dense to sparse. */
interface Placed {
  /** % of the weights that are left. */
  readonly left: number
  /** Place of the point. */
  readonly at: number
}

/** The x axis of a chart against density: logarithmic, dense on the left, a tick a level. */
export function densityAxis(rows: readonly Placed[]): Readonly<Record<string, unknown>> {
  const levels = [...new Set(rows.map(({ left }) => left))].sort((a, b) => b - a)
  const places = rows.map(({ at }) => at)
  return {
    field: 'at',
    type: 'quantitative',
    title: 'weights left, %',
    scale: {
      type: 'log',
      reverse: true,
      domain: [Math.min(...places) / 1.12, Math.max(...places) * 1.12],
      nice: false,
    },
    axis: {
      values: levels,
      labelExpr: "format(datum.value, '.3~r')", // the labels of the scale itself leave some out
      labelOverlap: 'greedy',
      labelFlush: false,
      grid: false,
    },
  }
}

/** Factor that moves the points of a series beside those of the others, so that none is hidden. */
export function shiftOf(place: number, series: number): number {
  return 1.035 ** ((series - 1) / 2 - place)
}
