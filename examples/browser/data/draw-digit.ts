import { type Point, STROKES, type Stroke } from './strokes.js'

/** Pixels of a side. */
export const SIDE = 12

/**
 * Draws a digit as a pen with an unsteady hand would: turned, slanted, moved, of another size and
 * thickness each time, on grainy paper.
 *
 * @param digit 0 to 9.
 * @param random Numbers in [0, 1).
 * @returns SIDE * SIDE grey values in [0, 255], row by row; the ink is bright.
 */
export function drawDigit(digit: number, random: () => number): Uint8Array {
  const place = unsteadyHand(random)
  const strokes = STROKES[digit]!.map((stroke) => stroke.map(place))
  const thickness = 0.45 + 0.5 * random()
  const ink = 0.65 + 0.35 * random()
  return Uint8Array.from({ length: SIDE * SIDE }, (_, index) => {
    const pixel: Point = [(index % SIDE) + 0.5, Math.floor(index / SIDE) + 0.5]
    const distance = Math.min(...strokes.map((stroke) => distanceTo(stroke, pixel)))
    const covered = Math.min(1, Math.max(0, thickness + 0.5 - distance))
    const grain = 0.16 * (random() + random() - 1)
    return Math.round(255 * Math.min(1, Math.max(0, ink * covered + 0.08 + grain)))
  })
}

/** Moves points of the unit square to pixels, each hand in a way of its own. */
function unsteadyHand(random: () => number): (point: Point) => Point {
  const between = (low: number, high: number) => low + (high - low) * random()
  const turn = between(-0.3, 0.3)
  const slant = between(-0.35, 0.35)
  const [width, height] = [between(7, 10), between(8, 11)]
  const [right, down] = [between(-1, 1), between(-0.8, 0.8)]
  return ([x, y]) => {
    const [across, along] = [(x - 0.5) * width + between(-0.35, 0.35), (y - 0.5) * height]
    const slanted = across - slant * along
    return [
      SIDE / 2 + right + slanted * Math.cos(turn) - along * Math.sin(turn),
      SIDE / 2 + down + slanted * Math.sin(turn) + along * Math.cos(turn) + between(-0.35, 0.35),
    ]
  }
}

/** Distance of a point from the nearest place of a stroke. */
function distanceTo(stroke: Stroke, point: Point): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < stroke.length; i++)
    least = Math.min(least, distanceToSegment(stroke[i - 1]!, stroke[i]!, point))
  return least
}

function distanceToSegment([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length
  const share = Math.min(1, Math.max(0, along))
  return Math.hypot(x - ax - share * dx, y - ay - share * dy)
}
