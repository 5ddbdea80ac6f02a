import '@tensorflow/tfjs-backend-wasm'
import { getKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { registerMaskedKernels, registerWasmGradients } from 'tfjs-prune/backends/wasm'
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
