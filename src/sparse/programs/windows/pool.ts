import type { Pool, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { imageOf } from '../layout/layouts.js'
import { emitGather } from './gather.js'
import { halvePlanes, isHalving } from './halve.js'
import { paddedImage } from './images.js'
import { pixelLoops } from './loops.js'
import { isPadded, poolMatrix, shareOf, windowPlace, windowShares } from './matrices.js'
import { asPlanes } from './plane-products.js'
import { poolPlanes } from './pool-planes.js'
import { newImage } from './product.js'

/** An average is a sum of all places, each times its share. */
export function lowerPool(builder: Builder, { inputs, output }: Step, pool: Pool): void {
  const [input] = inputs as [number]
  if (asPlanes(builder, output) && isHalving(builder, output, pool))
    halvePlanes(builder, input, output)
  else if (asPlanes(builder, output)) poolPlanes(builder, input, output, pool)
  else inPixels(builder, input, output, pool)
}

function inPixels(builder: Builder, input: number, output: number, { of, window }: Pool): void {
  const [height, width, channels] = imageOf(builder.shapeOf(input))
  const image = paddedImage(builder, input, window, of === 'maximum' ? -Infinity : 0)
  const { pixel, row } = image.steps
  const to = newImage(builder, output)
  const { rows, columns } = to.sides
  const loops = pixelLoops(builder.lanes, {
    ...to.sides,
    from: { pixel: pixel * window.strides[1], row: row * window.strides[0] },
    to: to.steps,
  })
  emitGather(builder, {
    ...{ of, loops, matrix: poolMatrix(window, channels, shareOf(window)) },
    ...{ input: image.place, output: to.place, outRow: builder.lanes * 4 },
    offsetOf: (column) => {
      const [y, x, channel] = windowPlace(window, channels, column)
      return y * row + x * pixel + channel
    },
  })
  if (of === 'maximum' || !isPadded(window)) return
  const factors = windowShares(window, [height, width], [rows, columns])
  const bytes = channels * builder.lanes * 4
  const places = {
    factors: builder.constants.place(factors),
    terms: builder.constants.place(new Float32Array(factors.length)),
    ...{ length: channels * builder.lanes, step: bytes },
  }
  builder.emit(() => {
    const first = to.place.buffer.address + to.place.bytes
    const calls = Array.from({ length: rows }, (_, y) => ({
      ...places,
      ...{ input: first + y * to.steps.row * builder.lanes * 4, groups: columns },
      ...{ out: first + y * to.steps.row * builder.lanes * 4, channels: columns },
      ...{ factors: places.factors + y * columns * 4, terms: places.terms + y * columns * 4 },
    }))
    return () => {
      for (const call of calls) builder.kernels.scale(call)
    }
  })
}
