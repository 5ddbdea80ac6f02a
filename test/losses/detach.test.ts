import { add, grads, mul, sum, type Tensor, tensor1d, tidy, topk } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { detach } from '../../src/losses/detach.js'

const largest = (x: Tensor) => topk(x, 1).values

describe('detach', () => {
  it('detach keeps the value and stops the gradient, of operations without one too', () => {
    const x = tensor1d([1, 3, 2])
    const [gradient] = grads((x: Tensor) => sum(mul(x, detach(largest, x))))([x])
    expect([...detach(largest, x).dataSync()]).toEqual([3])
    expect([...gradient!.dataSync()]).toEqual([3, 3, 3])
  })

  it('detach stops the gradient of every input', () => {
    const both = grads((x: Tensor, y: Tensor) =>
      add(sum(x), sum(detach((a, b) => mul(a!, b!), x, y))),
    )
    const [toX, toY] = both([tensor1d([1, 2]), tensor1d([3, 4])])
    expect([...toX!.dataSync(), ...toY!.dataSync()]).toEqual([1, 1, 0, 0])
  })

  it('detach leaves no tensors', async () => {
    const x = tensor1d([1, 3, 2])
    await expect(() => {
      detach(largest, x).dispose()
      tidy(() => void grads((x: Tensor) => sum(mul(x, detach(largest, x))))([x]))
    }).toLeaveNoTensors()
  })
})
