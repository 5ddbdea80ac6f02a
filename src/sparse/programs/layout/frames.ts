import type { Buffer } from './buffers.js'
import type { Builder, Task } from './builder.js'
import { type Flat, type Frame, imageOf, sizeOf } from './layouts.js'

/**
 * Room for an image of which all readers have windows, inside the padding that the widest of them
 * needs: they can read it without a copy.
 */
export function newFramed(builder: Builder, value: number): Flat {
  const frame = frameOf(builder, value)
  const shape = builder.shapeOf(value)
  const size = frame ? frame.height * frame.width * shape[2]! : sizeOf(shape)
  const buffer = builder.room(size * builder.lanes)
  if (frame) emitBorder(builder, { buffer, frame, shape: imageOf(shape), value: 0 })
  const made = frame ? { buffer, frame } : { buffer }
  builder.formsOf(value).flat = made
  return made
}

/** Steps of training that take any frame. */
const readsFramed = new Set(['productGradient', 'cutGradient', 'maximumGradient'])

function frameOf(builder: Builder, value: number): Frame | undefined {
  const shape = builder.shapeOf(value)
  const sides = builder.lanes > 1 && shape.length === 3 ? sidesOf(builder, value) : undefined
  const [top, left, bottom, right] = sides ?? [0, 0, 0, 0]
  if (top + left + bottom + right === 0) return undefined
  return { top, left, height: shape[0]! + top + bottom, width: shape[1]! + left + right }
}

type Sides = [top: number, left: number, bottom: number, right: number]

/** The padding that the readers of an image want; undefined where one of them takes no frame. */
function sidesOf({ uses, network, ...builder }: Builder, value: number): Sides | undefined {
  if (network.outputs.includes(value)) return undefined
  const sides: Sides = [0, 0, 0, 0]
  const widen = (amounts: readonly number[]) => {
    for (const [i, amount] of amounts.entries()) sides[i] = Math.max(sides[i]!, amount)
  }
  for (const { operation, output } of uses.consumers[value] ?? []) {
    // The gradient may lie over the image itself, and its readers want padding too.
    if (operation.kind === 'maximumGradient')
      widen(sidesOf({ uses, network, ...builder }, output) ?? [])
    if (readsFramed.has(operation.kind)) continue
    if (operation.kind !== 'product' && operation.kind !== 'pool') return undefined
    if (operation.kind === 'pool' && operation.of === 'maximum') continue
    widen(operation.window?.padding.flat() ?? [])
  }
  return sides
}

interface Border {
  readonly buffer: Buffer
  readonly frame: Frame
  /** Of the image inside. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly value: number
}

/** Fills the pixels around an image; those between two of its rows in one go. */
export function emitBorder(
  { emit, kernels, lanes }: Pick<Builder, 'emit' | 'kernels' | 'lanes'>,
  { buffer, frame, shape: [rows, columns, channels], value }: Border,
): void {
  const { top, left, height, width } = frame
  const starts = [0, ...Array.from({ length: rows }, (_, y) => (top + y) * width + left + columns)]
  const ends = [...Array.from({ length: rows }, (_, y) => (top + y) * width + left), height * width]
  const pixel = channels * lanes
  emit((): Task => {
    const places = starts.flatMap((start, i) => {
      const length = (ends[i]! - start) * pixel
      return length > 0 ? [{ to: buffer.address + start * pixel * 4, length, value }] : []
    })
    return () => {
      for (const place of places) kernels.fill(place)
    }
  })
}
