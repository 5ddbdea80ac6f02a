import '@tensorflow/tfjs-backend-wasm'
import { getKernel, randomNormal, setBackend, train, unregisterKernel } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, maskedOptimizer } from 'tfjs-prune'
import {
  maskedProducts,
  registerMaskedKernels,
  registerWasmGradients,
} from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'

const names = [
  'BatchMatMul',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'FusedConv2D',
  '_FusedMatMul',
]
const functions = () => names.map((name) => getKernel(name, 'wasm').kernelFunc)

describe('registerMaskedKernels', () => {
  it('asks for registerWasmGradients first, and changes nothing before', () => {
    if (getKernel('Conv2DBackpropFilter', 'wasm')) unregisterKernel('Conv2DBackpropFilter', 'wasm')
    const before = getKernel('Conv2D', 'wasm').kernelFunc
    expect(() => registerMaskedKernels()).toThrow(
      'Cannot register masked kernels: expected registerWasmGradients() to be called first, ' +
        'got a backend without Conv2DBackpropFilter',
    )
    expect(getKernel('Conv2D', 'wasm').kernelFunc).toBe(before)
  })

  it('names the kernels that it replaced; later calls of either function change nothing', () => {
    registerWasmGradients()
    expect(registerMaskedKernels().toSorted()).toEqual(names)
    const once = functions()
    expect(registerMaskedKernels()).toEqual([])
    expect(registerWasmGradients()).toEqual([])
    expect(functions()).toEqual(once)
  })
})

/** The products of two steps of a pruned dense layer. */
async function productsOf(inputs: number, units: number) {
  const model = sequential({ layers: [layers.dense({ units, inputShape: [inputs] })] })
  const mask = await computeMask(model, { density: 0.05 })
  applyMask(model, mask)
  const optimizer = maskedOptimizer(model, train.adam(0.01), mask)
  model.compile({ optimizer, loss: 'meanSquaredError' })
  const before = maskedProducts()
  const [xs, ys] = [randomNormal([64, inputs]), randomNormal([64, units])]
  await model.fit(xs, ys, { epochs: 1, batchSize: 32, verbose: 0 })
  const after = maskedProducts()
  for (const one of [xs, ys, optimizer, model]) one.dispose()
  return { masked: after.masked - before.masked, dense: after.dense - before.dense }
}

describe('maskedProducts', () => {
  it('counts the products that left pruned weights out, and those that ran dense', async () => {
    await setBackend('wasm')
    // The forward pass and the gradient of the weights in each of two steps.
    expect(await productsOf(784, 300)).toEqual({ masked: 4, dense: 0 })
    expect(await productsOf(4, 2)).toEqual({ masked: 0, dense: 4 })
  })
})
