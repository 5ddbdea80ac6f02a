import {
  gather,
  grad,
  mul,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  unsortedSegmentSum,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, runKernel, wasmFromCpu } from './support.js'

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('UnsortedSegmentSum on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('UnsortedSegmentSum gives the values of the cpu backend', async () => {
    const ids = () => tensor1d([2, 0, 2, 3, 0, 2], 'int32')
    for (const inner of [[], [1], [5], [3, 4]]) {
      expect(
        await wasmFromCpu(() => unsortedSegmentSum(noise([6, ...inner]), ids(), 5)),
      ).toBeLessThan(1e-6)
    }
  })

  it('UnsortedSegmentSum leaves ids outside of the segments out', () => {
    const out = unsortedSegmentSum(tensor1d([1, 2, 4, 8]), tensor1d([0, -1, 7, 1], 'int32'), 2)
    expect([...out.dataSync()]).toEqual([1, 8])
  })

  it('UnsortedSegmentSum takes int32 values and ids of several axes', () => {
    const ids = tensor2d([0, 1, 1, 0], [2, 2], 'int32')
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], 'int32')
    expect(
      unsortedSegmentSum(
        x,
        ids as unknown as Parameters<typeof unsortedSegmentSum>[1],
        2,
      ).arraySync(),
    ).toEqual([
      [8, 10],
      [8, 10],
    ])
  })

  it('UnsortedSegmentSum refuses ids of another shape', () => {
    const run = () =>
      runKernel(
        'UnsortedSegmentSum',
        { x: noise([4, 2]), segmentIds: tensor1d([0, 1], 'int32') },
        { numSegments: 2 },
      )
    expect(run).toThrow(TypeError)
    expect(run).toThrow("expected segment ids of a shape that begins like x's [4,2], got [2]")
  })

  it('gather has the gradient of the cpu backend along each axis', async () => {
    const indices = () => tensor2d([4, 0, 0, 2], [2, 2], 'int32')
    for (const axis of [0, 1, 2]) {
      const picked = (x: Tensor) => gather(x, indices(), axis)
      const compute = () =>
        grad((x: Tensor) => sum(mul(picked(x), noise(picked(x).shape, 2))))(noise([5, 6, 7]))
      expect(await wasmFromCpu(compute)).toBeLessThan(1e-6)
    }
  })

  it('an embedding layer has the gradient of the cpu backend', async () => {
    const compute = () => {
      const model = sequential({
        layers: [layers.embedding({ inputDim: 7, outputDim: 3, inputLength: 4 })],
      })
      model.setWeights([noise([7, 3])])
      const words = tensor2d([0, 6, 6, 2, 1, 6, 0, 0], [2, 4])
      const { grads } = variableGrads(() =>
        sum(mul(model.apply(words) as Tensor, noise([2, 4, 3], 2))),
      )
      model.dispose()
      return Object.values(grads)
    }
    expect(await wasmFromCpu(compute)).toBeLessThan(1e-6)
  })
})
