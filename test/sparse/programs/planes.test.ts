import { describe, expect, it } from 'vitest'
import { createKernels } from '../../../src/sparse/kernels/create-kernels.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import type {
  Activate,
  Network,
  Operation,
  Pair,
  Shape,
  SparseMatrix,
  Step,
  Window,
} from '../../../src/sparse/network/network.js'
import { createConstants } from '../../../src/sparse/programs/layout/memory.js'
import { createProgram } from '../../../src/sparse/programs/program.js'
import { farthest } from '../support/compare.js'
import { interpret } from '../support/interpret.js'
import { depthwiseMatrix, dice, randomMatrix } from '../support/random-networks.js'

const d = dice(11)
const relu = [0, Number.POSITIVE_INFINITY] as const
const tanh: Activate = { kind: 'activate', name: 'tanh', parameters: {} }

function window(size: number, stride: number, pad: Pair): Window {
  return {
    ...{ size: [size, size], strides: [stride, stride], dilations: [1, 1] },
    padding: [
      [pad[0], pad[0]],
      [pad[1], pad[1]],
    ],
  }
}

const same = window(3, 1, [1, 1])
const pool: Operation = { kind: 'pool', of: 'maximum', window: window(2, 2, [0, 0]) }

/** A 3x3 convolution, and the matrix of it: the rows of some numbers hold no entry. */
function convolution(channels: number, rows: number, empty: readonly number[] = []): Operation {
  const matrix = without(randomMatrix(d, rows, 9 * channels, 0.4), empty)
  return { kind: 'product', window: same, matrix, bias: d.floats(rows), bounds: relu }
}

function without(matrix: SparseMatrix, empty: readonly number[]): SparseMatrix {
  const kept = Array.from({ length: matrix.rows }, (_, row) =>
    empty.includes(row) ? [0, 0] : [matrix.starts[row]!, matrix.starts[row + 1]!],
  )
  const pick = <T extends Uint32Array | Float32Array>(array: T) =>
    kept.flatMap(([from, to]) => [...array.subarray(from, to)])
  const starts = [0]
  for (const [from, to] of kept) starts.push(starts.at(-1)! + to! - from!)
  return {
    ...{ rows: matrix.rows, columns: matrix.columns, starts: Uint32Array.from(starts) },
    indices: Uint32Array.from(pick(matrix.indices)),
    values: Float32Array.from(pick(matrix.values)),
  }
}

function chain(first: Shape, ...more: readonly (readonly [Operation, from: number, Shape])[]) {
  const steps = more.map(
    ([operation, from, _], i): Step => ({
      ...{ layer: `layer${i}`, operation },
      ...{ inputs: [from], output: i + 1 },
    }),
  )
  const read = new Set(steps.flatMap(({ inputs }) => inputs))
  const outputs = steps.flatMap(({ output }) => (read.has(output) ? [] : [output]))
  return { shapes: [first, ...more.map(([, , shape]) => shape)], inputs: [0], outputs, steps }
}

/** One image after another gives the bits of 16 at once, and about those of the interpreter. */
async function expectSame(network: Network, costs = { sparse: 1, dense: 1000 }) {
  const memory = createMemory()
  const machine = {
    ...{ memory, kernels: await createKernels(memory), constants: createConstants(memory) },
  }
  const [one, many] = ([1, 16] as const).map((lanes) =>
    createProgram(network, machine, { lanes, costs }),
  )
  const size = network.shapes[0]!.reduce((a, b) => a * b, 1)
  one!.run([new Float32Array(2 * size).fill(Number.NaN)], 2)
  const input = dice(5).floats(3 * size)
  const got = one!.run([input], 3)
  expect(got).toEqual(many!.run([input], 3))
  for (const [i, wanted] of interpret(network, [input], 3).entries()) {
    expect(wanted.some((value) => value !== 0)).toBe(true)
    expect(farthest(got[i]!, wanted)).toBeLessThan(1e-5)
  }
}

describe('planes of one image', () => {
  it.each([8, 9, 14, 27])('halve an image of width %d into the padding of its reader', (width) => {
    const half = Math.floor(width / 2)
    return expectSame(
      chain(
        [12, width, 2],
        [convolution(2, 5), 0, [12, width, 5]],
        [pool, 1, [6, half, 5]],
        [convolution(5, 3), 2, [6, half, 3]],
      ),
    )
  })

  it('halve an image for readers of different windows', () =>
    expectSame(
      chain(
        [12, 16, 3],
        [pool, 0, [6, 8, 3]],
        [convolution(3, 4), 1, [6, 8, 4]],
        [{ ...convolution(3, 4), window: window(3, 1, [0, 0]) } as Operation, 1, [4, 6, 4]],
        [tanh, 1, [6, 8, 3]],
      ),
    ))

  it.each([{ empty: [0, 1, 2, 5, 6, 7] }, { empty: [0, 1, 2, 3, 4, 5, 6, 7] }, { empty: [3] }])(
    'keep rows without entries from image to image: $empty',
    ({ empty }) =>
      expectSame(
        chain(
          [26, 30, 2],
          [convolution(2, 8, empty), 0, [26, 30, 8]],
          [pool, 1, [13, 15, 8]],
          [convolution(8, 3), 2, [13, 15, 3]],
          // An activation that was made in place would change them again and again.
          [convolution(2, 8, empty), 0, [26, 30, 8]],
          [tanh, 4, [26, 30, 8]],
          [tanh, 5, [26, 30, 8]],
          [pool, 6, [13, 15, 8]],
          [tanh, 7, [13, 15, 8]],
        ),
      ),
  )

  it.each([
    { sparse: 1, dense: 1000 },
    { sparse: 1.9, dense: 1 },
  ])('sum a product and a depthwise one by a few channels at a time, costs %o', async (costs) => {
    const side = 60 // so that 8 channels are a part
    const channels = 22
    const matrix = randomMatrix(d, channels, 3, 0.9)
    const depthwise = depthwiseMatrix(d, 9, channels, 1)
    const step = (window: Window): Operation => ({ kind: 'product', window, matrix: depthwise })
    const network = (window: Window, out: number) =>
      chain(
        [side, side, 3],
        [{ kind: 'product', matrix, bias: d.floats(channels) }, 0, [side, side, channels]],
        [step(window), 1, [out, out, channels]],
        [tanh, 2, [out, out, channels]],
      )
    await expectSame(network(same, side), costs)
    await expectSame(network(window(3, 2, [0, 1]), side / 2), costs)
    await expectSame(network(window(3, 1, [0, 0]), side - 2), costs)
  })
})
