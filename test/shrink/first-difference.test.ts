import { tensor } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { firstDifference } from '../../src/shrink/first-difference.js'

const denseOf = (inputs: number) =>
  sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [inputs] })] })

test('firstDifference leaves no tensors where the copy cannot be computed', async () => {
  const pair = [denseOf(4), denseOf(3)] as const
  const rule = { keptOf: () => [], tolerance: 0 }
  const probe = tensor([[1, 2, 3, 4]])
  await expect(async () => {
    await expect(firstDifference(pair, [probe], rule)).rejects.toThrow()
  }).toLeaveNoTensors()
  expect(await firstDifference([pair[0], pair[0]], [probe], rule)).toBeUndefined()
  probe.dispose()
})
