import type { Shape } from '../../network/network.js'
import type { Builder, PlaneProduct } from '../layout/builder.js'
import { newPlanes } from '../layout/forms.js'
import { imageOf, type Planes } from '../layout/layouts.js'
import { runLoops } from './loops.js'
import { changingRows, onePixel, windowPlace } from './matrices.js'
import { isDense, type Multiplication, multiplication } from './multiply.js'
import { phases } from './phases.js'

/** Fewer pixels than this are summed one by one where there is one image. */
const LEAST_PIXELS = 4

/** One image has so many pixels that they are summed as planes. */
export function asPlanes({ lanes, shapeOf }: Builder, output: number): boolean {
  return lanes === 1 && hasPlanes(shapeOf(output))
}

export function hasPlanes(shape: Shape): boolean {
  const [height, width] = imageOf(shape)
  return height * width >= LEAST_PIXELS
}

/** A window summed on planes: an entry is one multiplication and addition of all pixels. */
export function onPlanes(
  builder: Builder,
  { input, output, product }: PlaneProduct,
): { multiplication: Omit<Multiplication, 'output'>; like: Omit<Planes, 'buffer'> } {
  const { window = onePixel, matrix, bias, bounds } = product
  const [height, width, rows] = imageOf(builder.shapeOf(output))
  const out = [height, width] as const
  const { buffer, pitch, offsetOf } = phases(builder, input, window, { out, padding: 0 })
  const { loops, written } = runLoops((height - 1) * pitch + width)
  const places = window.size[0] * window.size[1]
  const [held, whole] = [imageOf(builder.shapeOf(input))[2], matrix.columns / places]
  return {
    multiplication: {
      ...{ matrix, bias, bounds, loops, outRow: written * 4, input: { buffer, bytes: 0 } },
      offsetOf: (column) => {
        const [y, x, channel] = windowPlace(window, whole, column)
        return offsetOf(y, x, channel % held)
      },
    },
    like: { height, width, channels: rows, pitch, plane: written },
  }
}

export function inPlanes(builder: Builder, step: PlaneProduct): void {
  const { multiplication: sums, like } = onPlanes(builder, step)
  const { matrix } = step.product
  const changing = isDense(matrix, builder.costs) ? undefined : changingRows(matrix, like.plane)
  const { buffer } = newPlanes(builder, step.output, like, changing)
  const make = multiplication(builder, { ...sums, output: { buffer, bytes: 0 } })
  if (!changing) {
    builder.emit(() => make())
    return
  }
  builder.emit(() => {
    make()(1) // the rows without entries, once and for all
    const tasks = changing.map((rows) => make(rows))
    return (samples) => {
      for (const task of tasks) task(samples)
    }
  })
}
