import type { Pool, Window } from '../../network/network.js'
import type { Buffer } from '../layout/buffers.js'
import type { Builder } from '../layout/builder.js'
import { imageOf, type Planes } from '../layout/layouts.js'
import { emitGather } from './gather.js'
import { rowLoops, runLoops } from './loops.js'
import { isPadded, poolMatrix, shareOf, windowPlace, windowShares } from './matrices.js'
import { phases } from './phases.js'
import { inPlanes } from './plane-products.js'

export function poolPlanes(
  builder: Builder,
  input: number,
  output: number,
  { of, window }: Pool,
): void {
  if (of === 'average') averagePlanes(builder, input, output, window)
  else poolRows(builder, output, window, poolColumns(builder, input, output, window))
}

/** All places of a window in one sum, in the order in which 16 images are summed. */
function averagePlanes(builder: Builder, input: number, output: number, window: Window): void {
  const [inHeight, inWidth, channels] = imageOf(builder.shapeOf(input))
  const [height, width] = imageOf(builder.shapeOf(output))
  const matrix = poolMatrix(window, channels, shareOf(window))
  inPlanes(builder, { input, output, product: { kind: 'product', matrix, window } })
  if (!isPadded(window)) return
  const to = builder.formsOf(output).planes!
  const shares = windowShares(window, [inHeight, inWidth], [height, width])
  const factors = new Float32Array(to.plane)
  for (let y = 0; y < height; y++)
    factors.set(shares.subarray(y * width, (y + 1) * width), y * to.pitch)
  const b = builder.constants.place(factors)
  builder.emit(() => {
    const calls = Array.from({ length: channels }, (_, channel) => {
      const at = to.buffer.address + channel * to.plane * 4
      return { a: at, b, out: at, length: to.plane }
    })
    return () => {
      for (const call of calls) builder.kernels.multiply(call)
    }
  })
}

/** First all columns that a window reads, of the rows of the outcome: so each needs few places. */
function poolColumns(builder: Builder, input: number, output: number, window: Window): Planes {
  const channels = imageOf(builder.shapeOf(input))[2]
  const [height, width] = imageOf(builder.shapeOf(output))
  const { size, strides, dilations } = window
  const columns = (width - 1) * strides[1] + (size[1] - 1) * dilations[1] + 1
  const column = { ...window, size: [size[0], 1], strides: [1, 1] } as const
  const { buffer, pitch, offsetOf } = phases(builder, input, column, {
    out: [(height - 1) * strides[0] + 1, columns],
    padding: Number.NEGATIVE_INFINITY,
  })
  const { loops, written } = rowLoops({ rows: height, columns, from: pitch * strides[0] })
  const plane = height * written
  const to = builder.room(channels * plane)
  emitGather(builder, {
    ...{ of: 'maximum', loops, matrix: poolMatrix(column, channels, 1), outRow: plane * 4 },
    ...{ input: { buffer, bytes: 0 }, output: { buffer: to, bytes: 0 } },
    offsetOf: (place) => offsetOf(...windowPlace(column, channels, place)),
  })
  return { buffer: to, height, width: columns, channels, pitch: written, plane }
}

/** The rows of all channels are one run; strides take the columns of each residue out before. */
function poolRows(builder: Builder, output: number, window: Window, from: Planes): void {
  const [height, width, channels] = imageOf(builder.shapeOf(output))
  const every = window.strides[1]
  const places = Array.from({ length: window.size[1] }, (_, i) => i * window.dilations[1])
  const residues = [...new Set(places.map((place) => place % every))]
  const pitch = every === 1 ? from.pitch : width + Math.floor(places.at(-1)! / every)
  const length = channels * height * pitch
  const thin = every === 1 ? from.buffer : builder.room(residues.length * length)
  if (every > 1) emitThinning(builder, from, { to: thin, residues, pitch, every })
  const { loops, written } = runLoops(length)
  const buffer = builder.room(written)
  emitGather(builder, {
    ...{ of: 'maximum', loops, outRow: 0, matrix: poolMatrix({ size: [1, places.length] }, 1, 1) },
    ...{ input: { buffer: thin, bytes: 0 }, output: { buffer, bytes: 0 } },
    offsetOf: (i) => residues.indexOf(places[i]! % every) * length + Math.floor(places[i]! / every),
  })
  builder.formsOf(output).planes = { buffer, height, width, channels, pitch, plane: height * pitch }
}

interface Thinning {
  readonly to: Buffer
  readonly residues: readonly number[]
  readonly pitch: number
  readonly every: number
}

/** For each residue all rows of all channels, with every column that is so many from the last. */
function emitThinning(
  { emit, kernels }: Builder,
  from: Planes,
  { to, residues, pitch, every }: Thinning,
): void {
  const rows = from.channels * from.height
  emit(() => {
    const calls = residues.map((residue, i) => ({
      ...{ from: from.buffer.address + residue * 4, to: to.address + i * rows * pitch * 4 },
      ...{
        planes: 1,
        fromPlane: 0,
        toPlane: 0,
        rows,
        length: pitch,
        every,
        fromStep: from.pitch * 4,
        toStep: pitch * 4,
      },
    }))
    return () => {
      for (const call of calls) kernels.everyNth(call)
    }
  })
}
