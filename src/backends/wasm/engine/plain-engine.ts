import type {
  BiasPlaces,
  Copy,
  CopyPlaces,
  Correlation,
  CorrelationPlaces,
  Engine,
  Gemm,
  GemmPlaces,
  KeepPlaces,
  Matrix,
  MaxPool,
  MaxPoolPlaces,
  TapSum,
  TapSumPlaces,
} from './engine.js'
import { transpose } from './transpose.js'

/** The same loops in plain JavaScript, for hosts without SIMD. */
export function plainEngine(floats: () => Float32Array): Engine {
  return {
    simd: false,
    threads: false,
    gemm: (work, places) => gemm(floats(), work, places),
    maxPool: (work, places) => maxPool(floats(), work, places),
    transpose: (matrix, places) => transpose(floats(), { matrix, top: 0, left: 0 }, places),
    copyRows: (copy, places) => copyRows(floats(), copy, places),
    addBias: (matrix, places) => addBias(floats(), matrix, places),
    correlate: (work, places) => correlate(floats(), work, places),
    sumTaps: (work, places) => sumTaps(floats(), work, places),
    keepOnly: (length, places) => keepEach(floats(), length, places),
  }
}

function gemm(heap: Float32Array, work: Gemm, places: GemmPlaces): void {
  const {
    rows,
    columns,
    outer,
    middle,
    inner,
    rowStep,
    outerStep,
    middleStep,
    innerStep,
    bStep,
    cStep,
  } = work
  for (let row = 0; row < rows; row++) {
    const c = places.c + row * cStep
    if (!work.accumulate) heap.fill(0, c, c + columns)
    let b = places.b
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < middle; j++) {
        let a = places.a + row * rowStep + i * outerStep + j * middleStep
        for (let k = 0; k < inner; k++, a += innerStep, b += bStep) {
          const factor = heap[a]!
          for (let column = 0; column < columns; column++)
            heap[c + column]! += factor * heap[b + column]!
        }
      }
    }
  }
}

function maxPool(heap: Float32Array, work: MaxPool, { x, y, dy, dx }: MaxPoolPlaces): void {
  const { windows, channels, windowStep } = work
  for (let window = 0; window < windows; window++) {
    for (let channel = 0; channel < channels; channel++) {
      const [from, at] = [window * windowStep + channel, window * channels + channel]
      const place = placeOf(heap[y + at]!, heap.subarray(x + from), work)
      if (place !== undefined) heap[dx + from + place]! += heap[dy + at]!
    }
  }
}

function placeOf(
  maximum: number,
  window: Float32Array,
  { height, width, rowStep, channels }: MaxPool,
): number | undefined {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const place = row * rowStep + column * channels
      if (window[place] === maximum) return place
    }
  }
  return undefined
}

function copyRows(
  heap: Float32Array,
  { rows, length, fromStep, toStep }: Copy,
  { from, to }: CopyPlaces,
): void {
  for (let row = 0; row < rows; row++) {
    heap.copyWithin(to + row * toStep, from + row * fromStep, from + row * fromStep + length)
  }
}

function addBias(
  heap: Float32Array,
  { rows, columns }: Matrix,
  { x, bias, out }: BiasPlaces,
): void {
  for (let index = 0; index < rows * columns; index++) {
    heap[out + index] = heap[x + index]! + heap[bias + (index % columns)]!
  }
}

function correlate(heap: Float32Array, work: Correlation, { x, y, out }: CorrelationPlaces): void {
  const { channels, outer, inner, xOuter, xInner, yOuter, yInner } = work
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        sum +=
          heap[x + i * xOuter + j * xInner + channel]! *
          heap[y + i * yOuter + j * yInner + channel]!
      }
    }
    heap[out + channel]! += sum
  }
}

function sumTaps(heap: Float32Array, work: TapSum, { x, filter, out }: TapSumPlaces): void {
  for (let row = 0; row < work.rows; row++) {
    for (let column = 0; column < work.columns; column++) {
      for (let channel = 0; channel < work.channels; channel++) {
        const from = x + row * work.xRow + column * work.xColumn + channel
        let sum = 0
        for (let i = 0; i < work.outer; i++) {
          for (let j = 0; j < work.inner; j++) {
            const tap = filter + i * work.filterOuter + j * work.filterInner + channel
            sum += heap[from + i * work.xOuter + j * work.xInner]! * heap[tap]!
          }
        }
        heap[out + row * work.outRow + column * work.outColumn + channel] = sum
      }
    }
  }
}

/** The values whose mask is 1, one by one. */
export function keepEach(
  heap: Float32Array,
  length: number,
  { values, mask, out }: KeepPlaces,
): void {
  const ones = new Uint8Array(heap.buffer, mask, length)
  for (let i = 0; i < length; i++) heap[out + i] = ones[i] === 1 ? heap[values + i]! : 0
}
