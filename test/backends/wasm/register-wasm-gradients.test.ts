import '@tensorflow/tfjs-backend-wasm'
import {
  getGradient,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerGradient,
  registerKernel,
  unregisterGradient,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import {
  type RegisterWasmGradientsOptions,
  type ReplaceableKernel,
  registerWasmGradients,
} from 'tfjs-prune/backends/wasm'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const missing = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
  'tfjs-prune>KeepOnly',
  'tfjs-prune>Step',
]
const replaceable = [
  'Add',
  'BatchMatMul',
  'Cast',
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv3DBackpropFilterV2',
  'Conv3DBackpropInputV2',
  'DepthwiseConv2dNative',
  'FusedBatchNorm',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  'Greater',
  'GreaterEqual',
  'Identity',
  'Less',
  'LessEqual',
  'MaxPoolGrad',
  'Maximum',
  'Mean',
  'Minimum',
  'Multiply',
  'RealDiv',
  'Square',
  'Step',
  'Sub',
  'Sum',
  'Tile',
  '_FusedMatMul',
]
const stock = getKernelsForBackend('wasm')

function reset(kernels: readonly KernelConfig[]): void {
  for (const { kernelName } of getKernelsForBackend('wasm')) unregisterKernel(kernelName, 'wasm')
  for (const kernel of kernels) registerKernel(kernel)
}

const functions = () =>
  new Map(
    getKernelsForBackend('wasm').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  )

describe('registerWasmGradients', () => {
  beforeEach(() => reset(stock))

  it('registers the missing kernels, replaces the slow ones and says which', () => {
    expect(registerWasmGradients().toSorted()).toEqual([...missing, ...replaceable].toSorted())
    for (const name of missing) expect(getKernel(name, 'wasm')).toBeDefined()
  })

  it('leaves all other kernels as they are', () => {
    const before = functions()
    registerWasmGradients()
    const changed = [...functions()]
      .filter(([name, kernel]) => before.get(name) !== kernel)
      .map(([name]) => name)
    expect(changed.toSorted()).toEqual([...missing, ...replaceable].toSorted())
  })

  it('replaces only what it is asked to', () => {
    const before = functions()
    expect(registerWasmGradients({ replace: ['MaxPoolGrad'] }).toSorted()).toEqual(
      [...missing, 'MaxPoolGrad'].toSorted(),
    )
    for (const [name, kernel] of before)
      expect(functions().get(name) === kernel).toBe(name !== 'MaxPoolGrad')
  })

  it('replaces nothing when the list is empty', () => {
    const before = functions()
    expect(registerWasmGradients({ replace: [] }).toSorted()).toEqual(missing)
    for (const [name, kernel] of before) expect(functions().get(name)).toBe(kernel)
  })

  it('does nothing the second time', () => {
    registerWasmGradients()
    const before = functions()
    expect(registerWasmGradients()).toEqual([])
    expect(functions()).toEqual(before)
  })

  it('replaces later what it was not asked to at first', () => {
    registerWasmGradients({ replace: ['Sum'] })
    expect(registerWasmGradients({ replace: ['Sum', 'Cast'] })).toEqual(['Cast'])
  })

  it('keeps a kernel that is missing no more', () => {
    const kernelFunc = vi.fn()
    registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc })
    expect(registerWasmGradients()).not.toContain('UnsortedSegmentSum')
    expect(getKernel('UnsortedSegmentSum', 'wasm').kernelFunc).toBe(kernelFunc)
  })

  it('keeps the setup of the kernels that it replaces', () => {
    const before = getKernel('Conv2D', 'wasm').setupFunc
    registerWasmGradients()
    expect(before).toBeTypeOf('function')
    expect(getKernel('Conv2D', 'wasm').setupFunc).toBe(before)
  })

  it('replaces the gradient of batch norms with its kernel, once', () => {
    const gradFunc = () => ({})
    unregisterGradient('FusedBatchNorm')
    registerGradient({ kernelName: 'FusedBatchNorm', inputsToSave: ['x'], gradFunc })
    registerWasmGradients({ replace: ['Sum'] })
    expect(getGradient('FusedBatchNorm').gradFunc).toBe(gradFunc)
    registerWasmGradients()
    const after = getGradient('FusedBatchNorm')
    expect(after.gradFunc).not.toBe(gradFunc)
    expect(after.inputsToSave).toEqual(['x'])
    reset(stock)
    registerWasmGradients()
    expect(getGradient('FusedBatchNorm')).toBe(after)
  })

  it('warns of nothing', () => {
    const warn = vi.spyOn(console, 'warn')
    registerWasmGradients()
    registerWasmGradients()
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  it('refuses kernels that it cannot replace and leaves all as it was', () => {
    const before = functions()
    const replace = ['Conv2D', 'Selu'] as ReplaceableKernel[]
    expect(() => registerWasmGradients({ replace })).toThrow(RangeError)
    expect(() => registerWasmGradients({ replace })).toThrow(
      /expected replace to name some of .*Conv2D.*, got Selu/,
    )
    expect(() =>
      registerWasmGradients({ replace: 'Conv2D' as unknown as ReplaceableKernel[] }),
    ).toThrow(TypeError)
    const typo = { replaces: [] } as RegisterWasmGradientsOptions
    expect(() => registerWasmGradients(typo)).toThrow(/got replaces: did you mean replace\?/)
    expect(functions()).toEqual(before)
  })

  it('asks for the backend when it has not been imported', () => {
    reset([])
    expect(() => registerWasmGradients()).toThrow(
      /expected @tensorflow\/tfjs-backend-wasm to be imported first/,
    )
    expect(getKernelsForBackend('wasm')).toEqual([])
  })
})
