import { grads, profile, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { addAll } from '../../src/internal/add-all.js'

const made = (count: number) => Array.from({ length: count }, (_, i) => tensor1d([2 ** i, 1]))

it.each([1, 2, 3, 7, 8, 9, 16, 23])('addAll adds %i tensors, each once', (count) => {
  const sum = tidy(() => [...addAll(made(count)).dataSync()])
  expect(sum).toEqual([2 ** count - 1, count])
})

it('addAll hands no kernel more than two tensors', async () => {
  const tensors = made(23)
  const { kernels } = await profile(() => addAll(tensors))
  expect(Math.max(...kernels.map(({ inputShapes }) => inputShapes.length))).toBe(2)
})

it('addAll passes its gradient on to every tensor', () => {
  const slopes = tidy(() =>
    grads((...all: Tensor[]) => addAll(all))(made(9)).map((slope) => [...slope.dataSync()]),
  )
  expect(slopes).toEqual(Array(9).fill([1, 1]))
})

it('addAll refuses tensors of different shapes', () => {
  expect(() => addAll([tensor1d([1]), tensor1d([1]), tensor1d([1, 2])])).toThrow('same shape')
})
