/** A point in the unit square: x to the right, y down. */
export type Point = readonly [x: number, y: number]

/** A line through points that a pen draws without leaving the paper. */
export type Stroke = readonly Point[]

interface Arc {
  readonly centre: Point
  readonly radii: Point
  /** Degrees, clockwise from the right. */
  readonly from: number
  readonly to: number
}

/** Part of an ellipse, a point every 20 degrees. */
function arc({ centre: [x, y], radii: [across, down], from, to }: Arc): Stroke {
  const steps = Math.ceil(Math.abs(to - from) / 20)
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)]
  })
}

const ring = (centre: Point, radii: Point): Stroke => arc({ centre, radii, from: -90, to: 270 })

/** The strokes of each digit, 0 to 9. */
export const STROKES: readonly (readonly Stroke[])[] = [
  [ring([0.5, 0.5], [0.28, 0.4])],
  [
    [
      [0.35, 0.25],
      [0.55, 0.1],
      [0.55, 0.9],
    ],
  ],
  [
    [
      ...arc({ centre: [0.5, 0.32], radii: [0.26, 0.22], from: -170, to: 40 }),
      [0.22, 0.9],
      [0.8, 0.9],
    ],
  ],
  [
    arc({ centre: [0.45, 0.3], radii: [0.26, 0.2], from: -150, to: 90 }),
    arc({ centre: [0.45, 0.7], radii: [0.3, 0.2], from: -90, to: 150 }),
  ],
  [
    [
      [0.65, 0.9],
      [0.65, 0.1],
      [0.2, 0.65],
      [0.85, 0.65],
    ],
  ],
  [
    [
      [0.75, 0.1],
      [0.32, 0.1],
      [0.28, 0.5],
      ...arc({ centre: [0.48, 0.66], radii: [0.28, 0.24], from: -120, to: 140 }),
    ],
  ],
  [
    [
      [0.66, 0.1],
      [0.38, 0.36],
      [0.26, 0.66],
    ],
    ring([0.51, 0.68], [0.25, 0.22]),
  ],
  [
    [
      [0.2, 0.1],
      [0.8, 0.1],
      [0.42, 0.9],
    ],
  ],
  [ring([0.5, 0.3], [0.22, 0.2]), ring([0.5, 0.7], [0.27, 0.2])],
  [
    ring([0.49, 0.32], [0.25, 0.22]),
    [
      [0.74, 0.34],
      [0.7, 0.62],
      [0.54, 0.9],
    ],
  ],
]
