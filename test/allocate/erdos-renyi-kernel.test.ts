import { expect, test } from 'vitest'
import { erdosRenyiKernel } from '../../src/allocate/erdos-renyi-kernel.js'
import golden from '../golden/allocation.json' with { type: 'json' }
import { request } from '../support/allocation-requests.js'

const shaped = (shape: readonly number[], bounds = {}) =>
  request(new Float32Array(shape.reduce((product, side) => product * side, 1)), {
    shape,
    ...bounds,
  })

test('erdosRenyiKernel keeps numbers in the ratio of the sums of sides', () => {
  expect(erdosRenyiKernel()([shaped([20, 30]), shaped([30, 10])], 0.2)).toEqual([100, 80])
  // 3 + 3 + 4 + 10 = 20 of 360 and 10 + 30 = 40 of 300
  expect(erdosRenyiKernel()([shaped([3, 3, 4, 10]), shaped([10, 30])], 0.1)).toEqual([22, 44])
  // depthwise 3 + 3 + 8 + 2 = 16 of 144, pointwise 1 + 1 + 16 + 14 = 32 of 224
  expect(erdosRenyiKernel()([shaped([3, 3, 8, 2]), shaped([1, 1, 16, 14])], 0.1875)).toEqual([
    23, 46,
  ])
})

test('erdosRenyiKernel leaves biases whole while kernels are pruned', () => {
  const weights = [shaped([20, 30]), shaped([30]), shaped([30, 10]), shaped([10])]
  expect(erdosRenyiKernel()(weights, 0.25)).toEqual([108, 30, 87, 10]) // 195 as 50 to 40 is 108.3 to 86.7
})

test.each(golden.erk)(
  'erdosRenyiKernel agrees with bisection in fractions: $name at $density',
  (entry) => {
    const { shapes, bounds, density, counts } = entry
    const weights = shapes.map((shape, i) =>
      shaped(shape, { minimumKept: bounds[i]![0], maximumKept: bounds[i]![1] }),
    )
    expect(erdosRenyiKernel()(weights, density)).toEqual(counts)
  },
)
