import { describe, expect, test } from 'vitest'
import type { SparseWeight } from '../../../src/sparse/network/source.js'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { farthest } from '../support/compare.js'
import { interpret } from '../support/interpret.js'

// Files of Keras for Python that tfjs 4.22 does not run, by their formulas.

const layer = (name: string, className: string, config: object, before: string[] = []) => ({
  name,
  class_name: className,
  config: { name, ...config },
  inbound_nodes: before.length > 0 ? [before.map((one) => [one, 0, 0, {}])] : [],
})
const start = (name: string, shape: number[]) =>
  layer(name, 'InputLayer', { batch_input_shape: [null, ...shape], dtype: 'float32' })
const functional = (inputs: string[], all: { name: string }[]) => ({
  keras_version: '2.4.0',
  backend: 'tensorflow',
  model_config: {
    class_name: 'Functional',
    config: {
      name: 'model',
      layers: all,
      input_layers: inputs.map((name) => [name, 0, 0]),
      output_layers: [[all.at(-1)!.name, 0, 0]],
    },
  },
})

test('subtract', () => {
  const topology = functional(
    ['a', 'b'],
    [start('a', [2]), start('b', [2]), layer('minus', 'Subtract', {}, ['a', 'b'])],
  )
  const network = readNetwork({ topology, weight: () => undefined })
  const [got] = interpret(network, [Float32Array.of(5, 1), Float32Array.of(2, 4)], 1)
  expect([...got!]).toEqual([3, -3])
})

describe('causal convolutions', () => {
  test.each([1, 2])('dilated by %i', (dilation) => {
    const conv = {
      filters: 1,
      kernel_size: [3],
      strides: [1],
      padding: 'causal',
      data_format: 'channels_last',
      dilation_rate: [dilation],
      activation: 'linear',
      use_bias: false,
    }
    const topology = functional(['x'], [start('x', [6, 1]), layer('conv', 'Conv1D', conv, ['x'])])
    const kernel: SparseWeight = { shape: [3, 1, 1], values: Float32Array.of(2, 3, 5) }
    const weight = ({ saved }: { saved: string }) => (saved === 'conv/kernel' ? kernel : undefined)
    const x = Float32Array.of(1, -2, 4, 0.5, 3, -1)
    const wanted = x.map(
      (now, i) => 5 * now + 3 * (x[i - dilation] ?? 0) + 2 * (x[i - 2 * dilation] ?? 0),
    )
    const [got] = interpret(readNetwork({ topology, weight }), [x], 1)
    expect(farthest(got!, wanted)).toBeLessThan(1e-6)
  })
})

test('positions of a weight say where its values lie', () => {
  const dense = { units: 2, activation: 'linear', use_bias: true }
  const topology = functional(['x'], [start('x', [3]), layer('dense', 'Dense', dense, ['x'])])
  const weights: Record<string, SparseWeight> = {
    'dense/kernel': {
      shape: [3, 2],
      positions: Uint32Array.of(1, 4),
      values: Float32Array.of(7, 11),
    },
    'dense/bias': { shape: [2], positions: Uint32Array.of(1), values: Float32Array.of(0.5) },
  }
  const network = readNetwork({ topology, weight: ({ saved }) => weights[saved] })
  const [got] = interpret(network, [Float32Array.of(1, 10, 100)], 1)
  expect([...got!]).toEqual([1100, 7.5])
})
