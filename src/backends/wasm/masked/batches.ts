import { floatsOf, type WasmBackend } from '../engine/backend.js'
import type { Loops } from './loops.js'

/** Images whose values lie side by side: a batch is worked on by so many at a time. */
export type Group = 16 | 32

/** Groups of 32 take a little less time an image; 16 where those would be half empty. */
export const groupOf = (batch: number): Group => (Math.ceil(batch / 16) % 2 === 0 ? 32 : 16)

/** Some images of a batch, of which `lanes` are there and the others 0. */
export interface Lanes {
  readonly first: number
  readonly lanes: number
}

/** A batch cut into groups. */
export function groupsOf(batch: number): Lanes[] {
  const group = groupOf(batch)
  return Array.from({ length: Math.ceil(batch / group) }, (_, index) => ({
    first: index * group,
    lanes: Math.min(group, batch - index * group),
  }))
}

/** Rows of floats of one image, and where they lie on a plane `[y][x][channel][image]`. */
export interface Plane {
  readonly group: Group
  readonly rows: number
  readonly rowSize: number
  /** Floats of one image that come before the first row, and from one row to the next. */
  readonly before: number
  readonly pitch: number
  /** Floats of one image in all. */
  readonly size: number
}

/** A plane without anything around its rows. */
export function flatPlane(group: Group, size: number): Plane {
  return { group, rows: 1, rowSize: size, before: 0, pitch: size, size }
}

/** Images of a batch, as indices of floats: where the batch and the plane begin. */
interface Move extends Lanes {
  readonly images: number
  readonly at: number
}

/** Puts the images of a group side by side on a plane; what is around them stays. */
export function gather({ transpose }: Loops, plane: Plane, move: Move): void {
  const { group, rows, rowSize, before, pitch } = plane
  const image = rows * rowSize
  transpose({
    matrices: rows,
    rows: move.lanes,
    columns: rowSize,
    from: (move.images + move.first * image) * 4,
    to: (move.at + before * group) * 4,
    fromNext: rowSize * 4,
    toNext: pitch * group * 4,
    fromStep: image * 4,
    toStep: group * 4,
  })
}

/** Takes the images of a group from a flat plane. */
export function scatter({ transpose }: Loops, { group, size }: Plane, move: Move): void {
  transpose({
    matrices: 1,
    rows: size,
    columns: move.lanes,
    from: move.at * 4,
    to: (move.images + move.first * size) * 4,
    fromNext: 0,
    toNext: 0,
    fromStep: group * 4,
    toStep: size * 4,
  })
}

/** Writes 0 to a plane. */
export function clear(backend: WasmBackend, { group, size }: Plane, at: number): void {
  floatsOf(backend).fill(0, at, at + size * group)
}
