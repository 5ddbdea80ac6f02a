import type { Blocks } from '../../../sparse/kernels/kernels.js'
import type { Geometry } from '../convolution/geometry.js'
import { axesOf, type Grid, spaceOf } from '../convolution/grids.js'
import { engineOf } from '../engine/engine-of.js'
import {
  clear,
  flatPlane,
  type Group,
  gather,
  groupOf,
  groupsOf,
  type Plane,
  scatter,
} from './batches.js'
import { keptWeights } from './kept-weights.js'
import { loopsOf } from './loops.js'
import { blocksOf, type MaskedWork, type Places, withPlanesOf } from './masked-work.js'
import { withWeights } from './with-weights.js'

/** x = the gradient of the input; y is the gradient dy. Pruned weights are not read. */
export function inputGradientKept(work: MaskedWork, places: Places): void {
  const { backend, geometry } = work
  const { batch, inHeight, inWidth, inChannels } = geometry
  const group = groupOf(batch)
  const dx = flatPlane(group, inHeight * inWidth * inChannels)
  const { dy, grids, taps } = outputSideOf(geometry, group)
  const channels = { inputs: inChannels, outputs: geometry.outChannels, channel: group * 4 }
  const kept = keptWeights(backend, work.mask, { ...channels, rows: 'inputs', taps })
  const loops = loopsOf(engineOf(backend))
  withWeights(backend, kept, { filter: places.filter }, (weights) =>
    withPlanesOf(work, [dy, dx], (from, to) => {
      clear(backend, dx, to) // pixels that meet no filter
      for (const part of groupsOf(batch)) {
        if (part.first > 0 && part.lanes < group) clear(backend, dy, from)
        gather(loops, dy, { ...part, images: places.y, at: from })
        for (const [index, { blocks, input, output }] of grids.entries())
          loops.product(blocks, {
            ...weights,
            rows: inChannels,
            starts: weights.starts + index * inChannels * 4,
            input: (from + input * group) * 4,
            output: (to + output * group) * 4,
            outRow: group * 4,
            bias: 0,
            bounds: 0,
          })
        scatter(loops, dx, { ...part, images: places.x, at: to })
      }
    }),
  )
}

/** Pixels of dx that lie one stride apart: they meet the same taps. Places count floats. */
interface GridBlocks {
  readonly blocks: Blocks
  readonly input: number
  readonly output: number
}

/** The plane of dy, the grids of dx and the taps that meet them. */
function outputSideOf(geometry: Geometry, group: Group) {
  const { inWidth, inChannels, outHeight, outWidth, outChannels } = geometry
  const { strideHeight, strideWidth } = geometry
  const { vertical, horizontal } = axesOf(geometry)
  const [rows, columns] = [spaceOf(vertical, outHeight), spaceOf(horizontal, outWidth)]
  const pitch = columns.length * outChannels
  const before = rows.before * pitch + columns.before * outChannels
  const size = rows.length * pitch
  const dy: Plane = { group, rows: outHeight, rowSize: outWidth * outChannels, before, pitch, size }
  const bytes = group * 4
  const pairs = vertical.flatMap((y) => horizontal.map((x) => ({ y, x })))
  const grids = pairs.map(({ y, x }): GridBlocks => {
    const blocks = blocksOf(group, {
      outer: y.pixels,
      inner: x.pixels,
      inOuter: pitch * bytes,
      inInner: outChannels * bytes,
      outOuter: strideHeight * inWidth * inChannels * bytes,
      outInner: strideWidth * inChannels * bytes,
    })
    const input = before + y.from * pitch + x.from * outChannels
    return { blocks, input, output: (y.first * inWidth + x.first) * inChannels }
  })
  const taps = pairs.flatMap(({ y, x }, index) =>
    tapsOf(geometry, { y, x }).map(({ tap, row, column }) => ({
      tap,
      offset: (row * pitch + column * outChannels) * bytes,
      firstRow: index * inChannels,
    })),
  )
  return { dy, grids, taps }
}

/** The taps that a grid meets, and the pixel of dy that the first of its pixels meets with each. */
function tapsOf(
  { filterWidth, strideHeight, strideWidth }: Geometry,
  { y, x }: { y: Grid; x: Grid },
) {
  return Array.from({ length: y.taps * x.taps }, (_, index) => {
    const [row, column] = [Math.floor(index / x.taps), index % x.taps]
    // The first pixel of dy meets the last tap.
    const [down, along] = [y.taps - 1 - row, x.taps - 1 - column]
    const tap = (y.tap + down * strideHeight) * filterWidth + x.tap + along * strideWidth
    return { tap, row, column }
  })
}
