import type { Correlation, Engine, Gemm, MaxPoolRow } from './engine.js'

/** The same loops in plain JavaScript, for hosts without SIMD. */
export function plainEngine(floats: () => Float32Array): Engine {
  return {
    fast: false,
    gemm: (work) => gemm(floats(), work),
    maxPoolRow: (work) => maxPoolRow(floats(), work),
    correlate: (work) => correlate(floats(), work),
  }
}

function gemm(heap: Float32Array, work: Gemm): void {
  const { rows, columns, outer, middle, inner, rowStep, outerStep, middleStep, innerStep, bStep, cStep } = work
  for (let row = 0; row < rows; row++) {
    const c = work.c + row * cStep
    let b = work.b
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < middle; j++) {
        let a = work.a + row * rowStep + i * outerStep + j * middleStep
        for (let k = 0; k < inner; k++, a += innerStep, b += bStep) {
          const factor = heap[a]!
          for (let column = 0; column < columns; column++) heap[c + column]! += factor * heap[b + column]!
        }
      }
    }
  }
}

function maxPoolRow(heap: Float32Array, work: MaxPoolRow): void {
  const { windows, channels, height, width, x, y, dy, dx, rowStep, windowStep } = work
  for (let window = 0; window < windows; window++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = window * windowStep + channel
      const place = firstPlace(heap, work, { from: x + from, maximum: heap[y + window * channels + channel]! })
      if (place >= 0) heap[dx + from + place]! += heap[dy + window * channels + channel]!
    }
  }
  function firstPlace(values: Float32Array, _: MaxPoolRow, { from, maximum }: { from: number; maximum: number }): number {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const place = row * rowStep + column * channels
        if (values[from + place] === maximum) return place
      }
    }
    return -1
  }
}

function correlate(heap: Float32Array, work: Correlation): void {
  const { channels, outer, inner, x, xOuter, xInner, y, yOuter, yInner, out } = work
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        sum += heap[x + i * xOuter + j * xInner + channel]! * heap[y + i * yOuter + j * yInner + channel]!
      }
    }
    heap[out + channel]! += sum
  }
}
