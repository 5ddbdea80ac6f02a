import {
  type DataType,
  type KernelBackend,
  type KernelFunc,
  type NamedAttrMap,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'

/** The part of tfjs-backend-wasm's backend and Emscripten module that the kernels rely on. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: WasmModule
  readonly dataIdMap: { get: (dataId: object) => { memoryOffset: number } }
  makeOutput: (shape: number[], dtype: DataType) => TensorInfo
  incRef: (dataId: object) => void
  refCount: (dataId: object) => number
}

export interface WasmModule {
  readonly HEAPU8: Uint8Array<ArrayBuffer>
  readonly _malloc: (bytes: number) => number
  readonly _free: (address: number) => void
  readonly asm?: { readonly memory?: WebAssembly.Memory }
  /** Set in the build with threads only. */
  readonly wasmMemory?: WebAssembly.Memory
}

/** The arguments of a kernel. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>
  readonly attrs: NamedAttrMap
  readonly backend: WasmBackend
}

/** Makes a kernel; `stock` is the backend's own one, which takes the cases that ours leaves. */
export type KernelMaker = (stock: Kernel) => Kernel
export type Kernel = (call: KernelCall) => TensorInfo
export type KernelOfSeveral = (call: KernelCall) => TensorInfo[]

/**
 * Index of a tensor's first element in the heap seen as 4-byte numbers. A tensor of another backend
 * is brought here, which may replace the heap as allocating does.
 */
export function indexOf({ dataIdMap }: WasmBackend, { dataId }: TensorInfo): number {
  return dataIdMap.get(dataId).memoryOffset / 4
}

/** The whole heap as floats. Allocating may replace it: ask again afterwards. */
export function floatsOf({ wasm }: WasmBackend): Float32Array {
  return new Float32Array(wasm.HEAPU8.buffer)
}

/** Runs `work` with the index of `size` floats of the heap that are given back afterwards. */
export function withScratch<T>({ wasm }: WasmBackend, size: number, work: (index: number) => T): T {
  const address = wasm._malloc(size * 4) >>> 0
  if (address === 0) throw new Error(`Cannot allocate ${size * 4} bytes on the WebAssembly heap`)
  try {
    return work(address / 4)
  } finally {
    wasm._free(address)
  }
}

/** Sees a kernel of ours as the registry does. */
export function asKernelFunc(kernel: Kernel | KernelOfSeveral): KernelFunc {
  return kernel as unknown as KernelFunc
}

/** Makes a float32 tensor of zeros. */
export function zeros(backend: WasmBackend, shape: number[]): TensorInfo {
  const out = backend.makeOutput(shape, 'float32')
  const from = indexOf(backend, out)
  floatsOf(backend).fill(0, from, from + util.sizeFromShape(shape))
  return out
}

interface StartOptions {
  readonly shape: number[]
  readonly bias: TensorInfo | undefined
  /** Nothing will be written to the output. */
  readonly empty: boolean
}

/**
 * Makes the output of a product: filled with the bias, to be added to, or not filled, to be
 * written.
 */
export function startOf(
  backend: WasmBackend,
  { shape, bias, empty }: StartOptions,
): { out: TensorInfo; accumulate: boolean } {
  if (!bias)
    return {
      out: empty ? zeros(backend, shape) : backend.makeOutput(shape, 'float32'),
      accumulate: false,
    }
  const out = backend.makeOutput(shape, 'float32')
  const [size, columns] = [util.sizeFromShape(shape), bias.shape[0]!]
  const [from, to] = [indexOf(backend, bias), indexOf(backend, out)]
  const heap = floatsOf(backend)
  if (size > 0) heap.copyWithin(to, from, from + columns)
  // Doubles the filled part until all is filled.
  for (let done = columns; done < size; done *= 2)
    heap.copyWithin(to + done, to, to + Math.min(done, size - done))
  return { out, accumulate: true }
}
