import type { Network, Operation, Shape, Step } from '../../../src/sparse/network/network.js'
import { dice, randomMatrix } from './random-networks.js'

/** Products of windows of several sizes, merged and joined, then averaged and a dense layer. */
export function residualNetwork(density: number, seed = 7): Network {
  const d = dice(seed)
  const shapes: Shape[] = [[8, 9, 3]]
  const steps: Step[] = []
  const add = (operation: Operation, inputs: number[], shape: Shape): number => {
    const output = shapes.push(shape) - 1
    steps.push({ layer: `layer${output}`, operation, inputs, output })
    return output
  }
  const convolution = (input: number, rows: number, size: number, stride: number): number => {
    const [height, width, channels] = shapes[input] as [number, number, number]
    const pad = (size - 1) / 2
    return add(
      {
        kind: 'product',
        window: {
          ...{ size: [size, size], strides: [stride, stride], dilations: [1, 1] },
          padding: [
            [pad, pad],
            [pad, pad],
          ],
        },
        matrix: randomMatrix(d, rows, size * size * channels, density),
        bias: d.floats(rows),
        bounds: [0, Number.POSITIVE_INFINITY],
      },
      [input],
      [Math.ceil(height / stride), Math.ceil(width / stride), rows],
    )
  }
  const [a, b] = [convolution(0, 6, 3, 1), convolution(0, 6, 5, 1)]
  const sum = add({ kind: 'merge', of: 'add' }, [a, b], shapes[a]!)
  const c = convolution(sum, 6, 1, 1)
  const most = add({ kind: 'merge', of: 'maximum' }, [c, sum, b], shapes[a]!)
  const all = add({ kind: 'concatenate', axis: 2 }, [b, most, a], [8, 9, 18])
  const small = convolution(all, 5, 3, 2)
  const row = add({ kind: 'reshape' }, [small], [4 * 5 * 5])
  const matrix = randomMatrix(d, 7, 100, density)
  const last = add({ kind: 'product', matrix, bias: d.floats(7) }, [row], [7])
  return { shapes, inputs: [0], outputs: [last, sum], steps }
}
