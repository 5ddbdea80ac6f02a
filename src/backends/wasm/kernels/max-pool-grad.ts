import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { indexOf, type KernelMaker, zeros } from '../engine/backend.js'
import type { MaxPool } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'

type PoolParameters = typeof backend_util.computePool2DInfo extends (
  ...parameters: infer P
) => unknown
  ? P
  : never
type PoolInfo = ReturnType<typeof backend_util.computePool2DInfo>

interface PoolAttributes {
  readonly filterSize: PoolParameters[1]
  readonly strides: PoolParameters[2]
  readonly pad: PoolParameters[4]
  readonly dimRoundingMode?: PoolParameters[5]
}

/**
 * MaxPoolGrad in one pass: dy goes to the first place, row by row, of each window that holds the
 * maximum.
 */
export const maxPoolGrad: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { dy, input: x, output: y } = inputs as Record<'dy' | 'input' | 'output', TensorInfo>
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes
  const shape = x.shape as PoolParameters[0]
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const floats = [dy, x, y].every(({ dtype }) => dtype === 'float32')
  if (!floats || !util.arraysEqual(y.shape, info.outShape)) return stock(call)
  const dx = zeros(backend, x.shape)
  const [xAt, yAt, dyAt, dxAt] = [
    indexOf(backend, x),
    indexOf(backend, y),
    indexOf(backend, dy),
    indexOf(backend, dx),
  ]
  const { maxPool } = engineOf(backend)
  const runs = runsOf(info)
  const [inSize, outSize] = [x.shape, y.shape].map(([, ...image]) => util.sizeFromShape(image)) as [
    number,
    number,
  ]
  for (let image = 0; image < info.batchSize; image++) {
    const [start, out] = [image * inSize, image * outSize]
    for (const { work, from, to } of runs) {
      maxPool(work, {
        x: xAt + start + from,
        y: yAt + out + to,
        dy: dyAt + out + to,
        dx: dxAt + start + from,
      })
    }
  }
  return dx
}

/**
 * Windows side by side that are cut off alike, and the places of the first one in an image and in
 * its output.
 */
interface Run {
  readonly work: MaxPool
  readonly from: number
  readonly to: number
}

function runsOf(info: PoolInfo): Run[] {
  const {
    inHeight,
    inWidth,
    inChannels: channels,
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
  } = info
  const { filterHeight, filterWidth, padInfo } = info
  if (channels === 0) return []
  const [vertical, horizontal] = [
    {
      length: inHeight,
      outputs: outHeight,
      filter: filterHeight,
      stride: strideHeight,
      padding: padInfo.top,
    },
    {
      length: inWidth,
      outputs: outWidth,
      filter: filterWidth,
      stride: strideWidth,
      padding: padInfo.left,
    },
  ]
  const [rowStep, windowStep] = [inWidth * channels, strideWidth * channels]
  return spansOf(vertical).flatMap((rows) =>
    Array.from({ length: rows.windows }, (_, row) =>
      spansOf(horizontal).map(({ first, windows, start, length: width }) => ({
        work: { windows, channels, height: rows.length, width, rowStep, windowStep },
        from: (rows.start + row * strideHeight) * rowStep + start * channels,
        to: ((rows.first + row) * outWidth + first) * channels,
      })),
    ).flat(),
  )
}

/**
 * Windows along one axis, from the `first`, that have the same length; `start` is where the first
 * of them begins.
 */
interface Span {
  readonly first: number
  readonly windows: number
  readonly start: number
  readonly length: number
}

interface Axis {
  readonly length: number
  readonly outputs: number
  readonly filter: number
  readonly stride: number
  readonly padding: number
}

function spansOf({ length, outputs, filter, stride, padding }: Axis): Span[] {
  const spans: Span[] = []
  for (let first = 0; first < outputs; first++) {
    const begin = first * stride - padding
    const [start, end] = [Math.max(0, begin), Math.min(length, begin + filter)]
    const last = spans.at(-1)
    if (end <= start) continue
    // A window that is cut off at its start does not begin one stride before the next.
    const follows = last && last.length === filter && end - start === filter
    if (follows) spans[spans.length - 1] = { ...last, windows: last.windows + 1 }
    else spans.push({ first, windows: 1, start, length: end - start })
  }
  return spans
}
