/**
 * Inner loops of sparse networks, alone: GFLOP/s of the product by density and of the dense
 * product, beside the peak of multiplications and additions in registers and our dense kernels.
 */
import { createKernels } from '../src/sparse/kernels/create-kernels.js'
import type { BlockSize, Blocks, Kernels } from '../src/sparse/kernels/kernels.js'
import { createMemory, type Memory } from '../src/sparse/kernels/memory.js'
import { leastProcessorSeconds, report } from './support/measure.js'
import { simdPeak } from './support/speed/limits.js'

const IMAGES = 16
const DENSITIES = [1, 0.7, 0.5, 0.25, 0.0625, 0.0157] as const

interface Layer {
  readonly name: string
  readonly side: number
  readonly window: number
  readonly channels: number
  readonly filters: number
}

const layers: readonly Layer[] = [
  { name: 'conv 16-32, 16x16', side: 16, window: 3, channels: 16, filters: 32 },
  { name: 'conv 192-384, 13x13', side: 13, window: 3, channels: 192, filters: 384 },
  { name: 'dense 784x300', side: 1, window: 1, channels: 784, filters: 300 },
]

/** A layer of 16 images, [y][x][channel][image], and loops over its pixels. */
function place(memory: Memory, { side, window, channels, filters }: Layer, size: BlockSize) {
  const width = side + window - 1
  const [pixel, outPixel] = [channels * IMAGES * 4, filters * IMAGES * 4]
  const pixels = size === 'wide' ? 2 : 1
  // an odd column is done by narrow blocks: left out here, the rates count the pixels that are done
  const inner = Math.floor(side / pixels)
  const blocks: Blocks = {
    ...{ size, outer: side, inner, inOuter: width * pixel, outOuter: side * outPixel },
    ...{ inInner: pixels * pixel, outInner: pixels * outPixel },
    ...{ inHalf: pixel, outHalf: outPixel },
  }
  const input = memory.reserve(width * width * pixel)
  const output = memory.reserve(side * side * outPixel)
  const columns = Array.from({ length: window * window * channels }, (_, column) => {
    const tap = Math.floor(column / channels)
    const [y, x] = [Math.floor(tap / window), tap % window]
    return (y * width + x) * pixel + (column % channels) * IMAGES * 4
  })
  const floats = new Float32Array(memory.buffer, input, width * width * channels * IMAGES)
  floats.forEach((_, i) => {
    floats[i] = Math.random() - 0.5
  })
  return {
    blocks,
    columns,
    input,
    output,
    outRow: IMAGES * 4,
    images: inner * side * pixels * IMAGES,
  }
}

const write = (memory: Memory, numbers: Float32Array | Int32Array): number => {
  const at = memory.reserve(numbers.byteLength)
  ;new (numbers.constructor as Float32ArrayConstructor)(memory.buffer).set(numbers, at / 4)
  return at
}

/** The task of a layer at a density, and its number of multiplications and additions. */
function sparseTask(
  memory: Memory,
  kernels: Kernels,
  layer: Layer,
  size: BlockSize,
  density: number,
) {
  const { blocks, columns, images, ...places } = place(memory, layer, size)
  const starts = [0]
  const offsets: number[] = []
  for (let row = 0; row < layer.filters; row++) {
    for (const offset of columns) if (Math.random() < density) offsets.push(offset)
    starts.push(offsets.length)
  }
  const all = {
    ...places,
    rows: layer.filters,
    starts: write(memory, Int32Array.from(starts)),
    offsets: write(memory, Int32Array.from(offsets)),
    values: write(
      memory,
      Float32Array.from(offsets, () => Math.random() - 0.5),
    ),
    bias: write(memory, new Float32Array(layer.filters)),
    bounds: write(memory, Float32Array.from([0, Number.POSITIVE_INFINITY])),
  }
  return { run: () => kernels.product(blocks, all), work: 2 * images * offsets.length }
}

function denseTask(memory: Memory, kernels: Kernels, layer: Layer, size: BlockSize) {
  const { blocks, columns, images, ...places } = place(memory, layer, size)
  const groups = Math.ceil(layer.filters / 4)
  const all = {
    ...places,
    rows: layer.filters,
    count: columns.length,
    offsets: write(memory, Int32Array.from(columns)),
    values: write(memory, new Float32Array(groups * 4 * columns.length).fill(0.5)),
    bias: write(memory, new Float32Array(layer.filters)),
    bounds: write(memory, Float32Array.from([0, Number.POSITIVE_INFINITY])),
  }
  const run = () => kernels.denseProduct(blocks, all)
  return { run, work: 2 * images * layer.filters * columns.length }
}

export async function run(): Promise<void> {
  report({ bench: 'sparse-kernels', peak: await simdPeak() })
  for (const layer of layers) {
    for (const size of layer.side === 1 ? (['narrow'] as const) : (['wide', 'narrow'] as const)) {
      const memory = createMemory()
      const kernels = await createKernels(memory)
      const rate = ({ run, work }: { run: () => void; work: number }) =>
        work / leastProcessorSeconds(run) / 1e9
      const dense = rate(denseTask(memory, kernels, layer, size))
      const rates: Record<string, number> = {}
      for (const density of DENSITIES)
        rates[`${+(density * 100).toFixed(2)} %`] = rate(
          sparseTask(memory, kernels, layer, size, density),
        )
      report({ layer: layer.name, size, dense, ...rates, crossover: rates['50 %']! / dense })
      memory.dispose()
    }
  }
}
