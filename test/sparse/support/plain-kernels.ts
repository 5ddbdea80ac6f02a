import type { Blocks, GatherPlaces, Kernels } from '../../../src/sparse/kernels/kernels.js'
import type { Memory } from '../../../src/sparse/programs/layout/memory.js'

/** Memory of a fixed length. */
export function plainMemory(bytes: number): Memory {
  const buffer = new ArrayBuffer(bytes)
  let end = 64
  return {
    buffer,
    reserve: (wanted) => {
      const address = end
      end += Math.ceil(wanted / 16) * 16
      if (end > bytes) throw new RangeError(`${end} of ${bytes} bytes`)
      return address
    },
  }
}

/** The inner loops in obvious JavaScript, with sums rounded to float32 as WebAssembly does. */
export function plainKernels({ buffer }: Memory): Kernels {
  const f = new Float32Array(buffer)
  const i = new Int32Array(buffer)
  const { fround } = Math

  /** Calls with the floats of each block: where they are read and written. */
  function eachFloat(blocks: Blocks, visit: (from: number, to: number) => void): void {
    const halves = blocks.size === 'wide' ? 2 : 1
    const length = blocks.size === 'single' ? 1 : 16
    for (let y = 0; y < blocks.outer; y++)
      for (let x = 0; x < blocks.inner; x++)
        for (let half = 0; half < halves; half++)
          for (let lane = 0; lane < length; lane++)
            visit(
              y * blocks.inOuter + x * blocks.inInner + half * blocks.inHalf + lane * 4,
              y * blocks.outOuter + x * blocks.outInner + half * blocks.outHalf + lane * 4,
            )
  }
  const cutAt = (bounds: number, x: number) =>
    bounds === 0 ? x : Math.min(Math.max(x, f[bounds / 4]!), f[bounds / 4 + 1]!)
  function eachRow(
    { rows, starts }: GatherPlaces,
    visit: (row: number, entries: number[]) => void,
  ) {
    for (let row = 0; row < rows; row++) {
      const [from, to] = [i[starts / 4 + row]!, i[starts / 4 + row + 1]!]
      visit(
        row,
        Array.from({ length: to - from }, (_, k) => from + k),
      )
    }
  }
  return {
    product: (blocks, places) => {
      const { input, output, outRow, offsets, values, bias, bounds } = places
      eachRow(places, (row, entries) =>
        eachFloat(blocks, (from, to) => {
          let sum = bias === 0 ? 0 : f[bias / 4 + row]!
          for (const k of entries)
            sum = fround(
              sum + fround(f[values / 4 + k]! * f[(input + from + i[offsets / 4 + k]!) / 4]!),
            )
          f[(output + to + row * outRow) / 4] = cutAt(bounds, sum)
        }),
      )
    },
    denseProduct: (blocks, places) => {
      const { input, output, outRow, rows, count, offsets, values, bias, bounds } = places
      for (let row = 0; row < rows; row++)
        eachFloat(blocks, (from, to) => {
          let sum = bias === 0 ? 0 : f[bias / 4 + row]!
          for (let k = 0; k < count; k++) {
            const value = f[values / 4 + ((row >> 2) * count + k) * 4 + (row & 3)]!
            sum = fround(sum + fround(value * f[(input + from + i[offsets / 4 + k]!) / 4]!))
          }
          f[(output + to + row * outRow) / 4] = cutAt(bounds, sum)
        })
    },
    maximum: (blocks, places) => {
      const { input, output, outRow, offsets } = places
      eachRow(places, (row, entries) =>
        eachFloat(blocks, (from, to) => {
          const all = entries.map((k) => f[(input + from + i[offsets / 4 + k]!) / 4]!)
          f[(output + to + row * outRow) / 4] = Math.max(...all)
        }),
      )
    },
    halve: ({ planes, rows, length, from, to, pitch, toStep, fromPlane, toPlane }) => {
      for (let plane = 0; plane < planes; plane++)
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < length; x++) {
            const at = (from + plane * fromPlane + 2 * y * pitch) / 4 + 2 * x
            const below = at + pitch / 4
            const out = (to + plane * toPlane + y * toStep) / 4 + x
            f[out] = Math.max(f[at]!, f[at + 1]!, f[below]!, f[below + 1]!)
          }
    },
    copyRows: ({ planes, from, to, rows, length, fromStep, toStep, fromPlane, toPlane }) => {
      for (let plane = 0; plane < planes; plane++)
        for (let row = 0; row < rows; row++) {
          const first = (from + plane * fromPlane + row * fromStep) / 4
          f.copyWithin((to + plane * toPlane + row * toStep) / 4, first, first + length / 4)
        }
    },
    transpose: ({ matrices, from, to, rows, columns, fromNext, toNext, fromStep, toStep }) => {
      for (let n = 0; n < matrices; n++)
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) {
            const at = (from + n * fromNext + row * fromStep) / 4 + column
            f[(to + n * toNext + column * toStep) / 4 + row] = f[at]!
          }
    },
    everyNth: ({ planes, from, to, rows, length, every, fromStep, toStep, ...of }) => {
      for (let plane = 0; plane < planes; plane++)
        for (let row = 0; row < rows; row++)
          for (let n = 0; n < length; n++) {
            const at = (from + plane * of.fromPlane + row * fromStep) / 4 + n * every
            f[(to + plane * of.toPlane + row * toStep) / 4 + n] = f[at]!
          }
    },
    add: ({ a, b, out, length }) => {
      for (let n = 0; n < length; n++) f[out / 4 + n] = f[a / 4 + n]! + f[b / 4 + n]!
    },
    multiply: ({ a, b, out, length }) => {
      for (let n = 0; n < length; n++) f[out / 4 + n] = f[a / 4 + n]! * f[b / 4 + n]!
    },
    largest: ({ a, b, out, length }) => {
      for (let n = 0; n < length; n++) f[out / 4 + n] = Math.max(f[a / 4 + n]!, f[b / 4 + n]!)
    },
    cut: ({ input, out, bounds, length }) => {
      for (let n = 0; n < length; n++) f[out / 4 + n] = cutAt(bounds, f[input / 4 + n]!)
    },
    scale: ({ input, out, factors, terms, channels, groups, length, step }) => {
      for (let group = 0; group < groups; group++)
        for (let n = 0; n < length; n++) {
          const at = (group * step) / 4 + n
          const scaled = fround(f[input / 4 + at]! * f[factors / 4 + (group % channels)]!)
          f[out / 4 + at] = scaled + f[terms / 4 + (group % channels)]!
        }
    },
    largestMagnitude: ({ input, out, length }) => {
      const whole = f.slice(input / 4, input / 4 + length - (length % 4))
      for (let i = 0; i < 4; i++)
        f[out / 4 + i] = Math.max(0, ...whole.filter((_, n) => n % 4 === i).map(Math.abs))
    },
    fill: ({ to, length, value }) => {
      f.fill(value, to / 4, to / 4 + length)
    },
  }
}
