import { describe, expect, it } from 'vitest'
import type { Network, Product } from '../../../src/sparse/network/network.js'
import { createConstants } from '../../../src/sparse/programs/layout/memory.js'
import { createProgram } from '../../../src/sparse/programs/program.js'
import { interpret } from '../support/interpret.js'
import { plainKernels, plainMemory } from '../support/plain-kernels.js'
import { depthwiseMatrix, dice, randomMatrix } from '../support/random-networks.js'

function machine() {
  const memory = plainMemory(1 << 24)
  return { memory, kernels: plainKernels(memory), constants: createConstants(memory) }
}

const costs = { sparse: 1, dense: 1000 }

/** A layer that widens an image, zeros around it, and a depthwise layer with strides. */
function widening(channels: number): Network {
  const d = dice(1)
  const wide: Product = { kind: 'product', matrix: randomMatrix(d, channels, 2, 1) }
  const depthwise: Product = {
    ...{ kind: 'product', matrix: depthwiseMatrix(d, 9, channels, 1) },
    window: {
      ...{ size: [3, 3], strides: [2, 2], dilations: [1, 1] },
      padding: [
        [0, 0],
        [0, 0],
      ],
    },
  }
  const amounts = [
    [0, 1],
    [0, 1],
    [0, 0],
  ] as const
  return {
    shapes: [
      [8, 8, 2],
      [8, 8, channels],
      [9, 9, channels],
      [4, 4, channels],
    ],
    ...{ inputs: [0], outputs: [3] },
    steps: [
      { layer: 'wide', operation: wide, inputs: [0], output: 1 },
      { layer: 'pad', operation: { kind: 'pad', amounts }, inputs: [1], output: 2 },
      { layer: 'depthwise', operation: depthwise, inputs: [2], output: 3 },
    ],
  }
}

describe('a program', () => {
  it('writes an image into the zeros that its reader needs', () => {
    const network = widening(24)
    const program = createProgram(network, machine(), { lanes: 16, costs })
    // Two copies of the wide image would take twice as much.
    const [wide, out] = [9 * 9 * 24 * 64, 4 * 4 * 24 * 64]
    expect(program.bytes).toBeLessThan(wide + out + 1024)
    const input = dice(2).floats(3 * 128)
    const [got] = program.run([input], 3)
    const [wanted] = interpret(network, [input], 3)
    got!.forEach((x, i) => {
      expect(x).toBeCloseTo(wanted![i]!, 5)
    })
  })

  it('shares its values with a program of another order', () => {
    const network = widening(24)
    const shared = machine()
    const used = () => shared.memory.reserve(0)
    createProgram(network, shared, { lanes: 16, costs })
    const before = used()
    const { bytes } = createProgram(network, shared, { lanes: 1, costs })
    const entries = 24 * 2 + 24 * 9
    const [offsets, values] = [entries * 4, entries * 4]
    expect(used() - before).toBeGreaterThanOrEqual(bytes + offsets)
    expect(used() - before).toBeLessThan(bytes + offsets + values)
  })

  it.each([
    [[], 1, 'expected 1 inputs, got 0'],
    [[new Float32Array(100)], 2, 'expected 2 x 128 numbers in input 0, got 100'],
  ] as const)('refuses inputs that do not fit', (inputs, batch, message) => {
    const program = createProgram(widening(3), machine(), { lanes: 1, costs })
    expect(() => program.run(inputs, batch)).toThrow(`Cannot run the network: ${message}`)
  })

  it('refuses an activation that it does not know', () => {
    const network: Network = {
      ...{ shapes: [[3], [3]], inputs: [0], outputs: [1] },
      steps: [
        {
          ...{ layer: 'odd', inputs: [0], output: 1 },
          operation: { kind: 'activate', name: 'constructor', parameters: {} },
        },
      ],
    }
    expect(() => createProgram(network, machine(), { lanes: 1, costs })).toThrow(
      /^Cannot compile an activation: expected one of linear, cut, .* got constructor$/,
    )
  })
})
