import type { Window } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { planes, planesAtHand } from '../layout/forms.js'
import { type Image, imageOf, type Phases } from '../layout/layouts.js'
import { type Copies, type Copy, emitCopies, type Part } from './copies.js'
import { isPadded } from './matrices.js'

interface Wanted {
  /** Rows and columns of the outcome. */
  readonly out: readonly [number, number]
  readonly padding: number
}

/** The phases of a value for a window: a copy, unless they are the value as it lies. */
export function phases(builder: Builder, value: number, window: Window, wanted: Wanted): Phases {
  const known = builder.formsOf(value).phases
  if (known) return known
  if (!isPadded(window) && window.strides[0] === 1 && window.strides[1] === 1) {
    const { buffer, pitch, plane } = planes(builder, value)
    return { buffer, pitch, offsetOf: (y, x, channel) => channel * plane + y * pitch + x }
  }
  const made = newPhases(builder, value, window, wanted)
  // A value that is at hand as planes is copied from there, else it is turned on the way.
  const isTurned = imageOf(builder.shapeOf(value))[2] === 1 || !builder.formsOf(value).flat
  if (isTurned && !planesAtHand(builder, value)) planes(builder, value)
  emitCopies(builder, value, { ...made, strides: window.strides })
  return made
}

/** Room for phases with the padding in it, and the copies that fill them. */
export function newPhases(
  builder: Builder,
  value: number,
  window: Window,
  { out, padding }: Wanted,
): Phases & Omit<Copies, 'strides'> {
  const image = imageOf(builder.shapeOf(value))
  const [rows, columns] = ([0, 1] as const).map((axis) => phasesOf(window, image, axis, out[axis]))
  const [pitch, plane] = [columns!.length, rows!.length * columns!.length]
  const pairs = rows!.parts.flatMap((y) => columns!.parts.map((x) => ({ y, x })))
  const floats = pairs.length * image[2] * plane
  const full = pairs.every(({ y, x }) => isFull(y, rows!.length) && isFull(x, pitch))
  const buffer = full ? builder.room(floats) : builder.lastingRoom(floats, padding)
  const copies = pairs.flatMap(({ y, x }, i): Copy[] =>
    y.count > 0 && x.count > 0
      ? [{ y, x, to: i * image[2] * plane + y.first * pitch + x.first }]
      : [],
  )
  const [strideY, strideX] = window.strides
  const indexOf = (y: number, x: number) =>
    rows!.residues.indexOf(y % strideY) * columns!.parts.length +
    columns!.residues.indexOf(x % strideX)
  return {
    ...{ buffer, pitch, plane, copies },
    offsetOf: (y, x, channel) =>
      (indexOf(y, x) * image[2] + channel) * plane +
      Math.floor(y / strideY) * pitch +
      Math.floor(x / strideX),
  }
}

/** Residues that a window reads on an axis, the pixels of each, and the length that all have. */
function phasesOf(
  { size, strides, dilations, padding }: Window,
  image: Image,
  axis: 0 | 1,
  out: number,
): { residues: number[]; parts: Part[]; length: number } {
  const stride = strides[axis]
  const places = Array.from({ length: size[axis] }, (_, i) => i * dilations[axis])
  const residues = [...new Set(places.map((place) => place % stride))]
  const length = out + Math.floor(places.at(-1)! / stride)
  const before = padding[0][axis]
  const parts = residues.map((residue) => {
    const first = Math.max(0, Math.ceil((before - residue) / stride))
    const end = Math.min(length, Math.floor((before + image[axis] - 1 - residue) / stride) + 1)
    return { from: first * stride + residue - before, first, count: Math.max(0, end - first) }
  })
  return { residues, parts, length }
}

function isFull({ first, count }: Part, length: number): boolean {
  return first === 0 && count === length
}
