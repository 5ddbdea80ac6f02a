/** A label at the end of a line. */
export interface EndLabel {
  readonly system: string
  readonly x: number
  readonly y: number
}

/** The room of labels. */
export interface Room {
  readonly gap: number
  readonly top: number
  /** @default none */
  readonly bottom?: number
}

/** Moves labels apart that would lie on one another, in the order of their heights. */
export function spreadLabels(
  labels: readonly EndLabel[],
  { gap, top, bottom = Number.NEGATIVE_INFINITY }: Room,
): EndLabel[] {
  const spread = labels.toSorted((a, b) => a.y - b.y).map((label) => ({ ...label }))
  for (let pass = 0; pass < 50; pass++) {
    if (spread[0]) spread[0].y = Math.max(spread[0].y, bottom)
    for (const [i, label] of spread.entries()) {
      const below = spread[i - 1]
      const missing = below ? gap - (label.y - below.y) : 0
      if (missing <= 1e-9 * gap) continue
      below!.y -= missing / 2
      label.y += missing / 2
    }
  }
  const over = Math.max(0, ...spread.map(({ y }) => y - top))
  return spread.map((label) => ({ ...label, y: label.y - over }))
}
