import type {
  Blocks,
  DenseProductPlaces,
  GatherPlaces,
  Kernels,
} from '../../../src/sparse/kernels/kernels.js'

const { fround } = Math

/** The kernels as plain loops over floats, from their descriptions. */
export function plainKernels(buffer: ArrayBufferLike): Kernels {
  const floats = new Float32Array(buffer)
  const words = new Int32Array(buffer)
  const read = (address: number) => floats[address / 4]!
  const write = (address: number, value: number) => {
    floats[address / 4] = value
  }
  const word = (address: number) => words[address / 4]!
  const bounded = (value: number, bounds: number) => {
    if (bounds === 0) return value
    const raised = value < read(bounds) ? read(bounds) : value
    return read(bounds + 4) < raised ? read(bounds + 4) : raised
  }
  /** Each float of each block: where it lies from the first of input and output. */
  const eachFloat = (blocks: Blocks, visit: (inAt: number, outAt: number) => void) => {
    const count = { wide: 32, narrow: 16, single: 1 }[blocks.size]
    for (let y = 0; y < blocks.outer; y++)
      for (let x = 0; x < blocks.inner; x++)
        for (let i = 0; i < count; i++) {
          const half = i >> 4
          visit(
            y * blocks.inOuter + x * blocks.inInner + half * blocks.inHalf + (i & 15) * 4,
            y * blocks.outOuter + x * blocks.outInner + half * blocks.outHalf + (i & 15) * 4,
          )
        }
  }
  const gather = (
    blocks: Blocks,
    { input, output, outRow, rows, starts }: GatherPlaces,
    value: (row: number, from: number, entries: readonly number[]) => number,
  ) =>
    eachFloat(blocks, (inAt, outAt) => {
      for (let row = 0; row < rows; row++) {
        const [first, end] = [word(starts + row * 4), word(starts + row * 4 + 4)]
        const entries = Array.from({ length: end - first }, (_, i) => first + i)
        write(output + outAt + row * outRow, value(row, input + inAt, entries))
      }
    })
  const pairs =
    (operation: (a: number, b: number) => number): Kernels['add'] =>
    ({ a, b, out, length }) => {
      for (let i = 0; i < length * 4; i += 4) write(out + i, operation(read(a + i), read(b + i)))
    }
  const dense = (blocks: Blocks, places: DenseProductPlaces) =>
    eachFloat(blocks, (inAt, outAt) => {
      for (let row = 0; row < places.rows; row++) {
        let sum = places.bias === 0 ? 0 : read(places.bias + row * 4)
        for (let k = 0; k < places.count; k++) {
          const value = read(places.values + ((row >> 2) * places.count + k) * 16 + (row & 3) * 4)
          const at = places.input + inAt + word(places.offsets + k * 4)
          sum = fround(sum + fround(value * read(at)))
        }
        write(places.output + outAt + row * places.outRow, bounded(sum, places.bounds))
      }
    })
  return {
    product: (blocks, places) =>
      gather(blocks, places, (row, from, entries) => {
        let sum = places.bias === 0 ? 0 : read(places.bias + row * 4)
        for (const k of entries) {
          const value = read(places.values + k * 4)
          sum = fround(sum + fround(value * read(from + word(places.offsets + k * 4))))
        }
        return bounded(sum, places.bounds)
      }),
    denseProduct: dense,
    maximum: (blocks, places) =>
      gather(blocks, places, (_, from, entries) =>
        Math.max(...entries.map((k) => read(from + word(places.offsets + k * 4)))),
      ),
    halve: ({ planes, rows, length, from, to, pitch, toStep, fromPlane, toPlane }) => {
      for (let plane = 0; plane < planes; plane++)
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < length; x++) {
            const first = from + plane * fromPlane + 2 * y * pitch + 2 * x * 4
            const all = [first, first + 4, first + pitch, first + pitch + 4].map(read)
            write(to + plane * toPlane + y * toStep + x * 4, Math.max(...all))
          }
    },
    copyRows: ({ planes, rows, length, from, to, fromStep, toStep, fromPlane, toPlane }) => {
      const bytes = new Uint8Array(buffer)
      for (let plane = 0; plane < planes; plane++)
        for (let row = 0; row < rows; row++) {
          const source = from + plane * fromPlane + row * fromStep
          bytes.set(bytes.slice(source, source + length), to + plane * toPlane + row * toStep)
        }
    },
    transpose: ({ matrices, rows, columns, from, to, fromNext, toNext, fromStep, toStep }) => {
      for (let n = 0; n < matrices; n++)
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) {
            const value = read(from + n * fromNext + row * fromStep + column * 4)
            write(to + n * toNext + column * toStep + row * 4, value)
          }
    },
    everyNth: ({ planes, rows, length, every, from, to, ...steps }) => {
      const { fromStep, toStep, fromPlane, toPlane } = steps
      for (let plane = 0; plane < planes; plane++)
        for (let row = 0; row < rows; row++)
          for (let i = 0; i < length; i++) {
            const value = read(from + plane * fromPlane + row * fromStep + i * every * 4)
            write(to + plane * toPlane + row * toStep + i * 4, value)
          }
    },
    add: pairs((a, b) => fround(a + b)),
    multiply: pairs((a, b) => fround(a * b)),
    largest: pairs(Math.max),
    cut: ({ input, out, bounds, length }) => {
      for (let i = 0; i < length * 4; i += 4) write(out + i, bounded(read(input + i), bounds))
    },
    scale: ({ input, out, factors, terms, channels, groups, length, step }) => {
      for (let group = 0; group < groups; group++)
        for (let i = 0; i < length; i++) {
          const channel = (group % channels) * 4
          const at = group * step + i * 4
          const scaled = fround(read(input + at) * read(factors + channel))
          write(out + at, fround(scaled + read(terms + channel)))
        }
    },
    largestMagnitude: ({ input, out, length }) => {
      for (let i = 0; i < 4; i++) {
        let most = 0
        for (let at = i; at < length - (length % 4); at += 4)
          most = Math.max(most, Math.abs(read(input + at * 4)))
        write(out + i * 4, most)
      }
    },
    fill: ({ to, length, value }) => floats.fill(value, to / 4, to / 4 + length),
  }
}
