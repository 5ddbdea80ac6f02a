import type { TensorInfo } from '@tensorflow/tfjs-core'
import { indexOf, type WasmBackend, zeros } from '../engine/backend.js'
import type { TapSum, TapSumPlaces } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { withPlanes } from './image.js'
import type { TapRun } from './tap-runs.js'

/** A depthwise convolution from either side. */
interface Depthwise {
  /** [batch, height, width, channels], or fewer channels, each of which then serves several. */
  readonly source: TensorInfo
  /** One weight a tap and channel: [height, width, channels] */
  readonly filter: TensorInfo
  readonly filterWidth: number
  /** [batch, height, width, channels] */
  readonly shape: readonly [number, number, number, number]
  readonly rows: readonly TapRun[]
  readonly columns: readonly TapRun[]
}

/** The sum over the taps of each pixel, channel by channel; 0 where a pixel has no taps. */
export function depthwise(
  backend: WasmBackend,
  { source, filter, filterWidth, shape, rows, columns }: Depthwise,
): TensorInfo {
  const [batch, height, width, channels] = shape
  const [, sourceHeight, sourceWidth, own] = source.shape as [number, number, number, number]
  const out = [...rows, ...columns].some(({ taps }) => taps === 0)
    ? zeros(backend, [...shape])
    : backend.makeOutput([...shape], 'float32')
  const works = worksOf({ channels, width, sourceWidth, filterWidth, rows, columns })
  const placement = {
    ...{ height: sourceHeight, width: sourceWidth, channels: own, copies: channels / own },
    ...{ top: 0, left: 0, planeHeight: sourceHeight, planeWidth: sourceWidth },
  }
  const [filterFrom, outFrom] = [indexOf(backend, filter), indexOf(backend, out)]
  withPlanes(backend, { from: indexOf(backend, source), placement }, (planeOf) => {
    for (let image = 0; image < batch; image++) {
      const [x, to] = [planeOf(image), outFrom + image * height * width * channels]
      for (const { work, places } of works) {
        const { sumTaps } = engineOf(backend)
        sumTaps(work, { x: x + places.x, filter: filterFrom + places.filter, out: to + places.out })
      }
    }
  })
  return out
}

interface Lengths extends Pick<Depthwise, 'filterWidth' | 'rows' | 'columns'> {
  readonly channels: number
  readonly width: number
  readonly sourceWidth: number
}

/** The sums of one image: one for each pair of runs. */
function worksOf({
  channels,
  width,
  sourceWidth,
  filterWidth,
  rows,
  columns,
}: Lengths): { work: TapSum; places: TapSumPlaces }[] {
  const pairs = rows.flatMap((row) => columns.map((column) => ({ row, column })))
  return pairs
    .filter(({ row, column }) => row.taps * column.taps > 0)
    .map(({ row, column }) => ({
      work: {
        channels,
        rows: row.targets,
        columns: column.targets,
        outer: row.taps,
        inner: column.taps,
        xRow: row.sourceStep * sourceWidth * channels,
        xColumn: column.sourceStep * channels,
        xOuter: row.sourceTapStep * sourceWidth * channels,
        xInner: column.sourceTapStep * channels,
        filterOuter: row.tapStep * filterWidth * channels,
        filterInner: column.tapStep * channels,
        outRow: row.targetStep * width * channels,
        outColumn: column.targetStep * channels,
      },
      places: {
        x: (row.source * sourceWidth + column.source) * channels,
        filter: (row.tap * filterWidth + column.tap) * channels,
        out: (row.target * width + column.target) * channels,
      },
    }))
}
