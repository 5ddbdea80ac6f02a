import { backend, engine, setBackend, type Tensor, tensor, tidy, util } from '@tensorflow/tfjs-core'
import type { WasmBackend } from '../../../src/backends/wasm/engine/backend.js'

/** Values and shapes of what a computation gives. */
export interface Outcome {
  readonly shapes: readonly number[][]
  readonly values: readonly number[]
}

/** Runs a computation on one backend, and goes back to wasm. */
export async function on(
  backend: 'cpu' | 'wasm',
  compute: () => Tensor | Tensor[],
): Promise<Outcome> {
  await setBackend(backend)
  try {
    return tidy(() => {
      const tensors = [compute()].flat()
      return {
        shapes: tensors.map(({ shape }) => shape),
        values: tensors.flatMap((each) => [...each.dataSync()]),
      }
    })
  } finally {
    await setBackend('wasm')
  }
}

/**
 * Largest difference of two outcomes, relative to values above 1; infinite where the shapes differ.
 */
export function distance(a: Outcome, b: Outcome): number {
  if (JSON.stringify(a.shapes) !== JSON.stringify(b.shapes)) return Number.POSITIVE_INFINITY
  return a.values.reduce((most, value, index) => {
    const apart = Math.abs(value - b.values[index]!) / Math.max(1, Math.abs(value))
    return value === b.values[index]
      ? most
      : Number.isNaN(apart)
        ? Number.POSITIVE_INFINITY
        : Math.max(most, apart)
  }, 0)
}

/** How far wasm is from cpu. */
export async function wasmFromCpu(compute: () => Tensor | Tensor[]): Promise<number> {
  return distance(await on('cpu', compute), await on('wasm', compute))
}

/** Values in (-1, 1) that depend on their place and on the seed alone. */
export function noise(shape: number[], seed = 1): Tensor {
  const values = Float32Array.from({ length: util.sizeFromShape(shape) }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return 2 * (x - Math.floor(x)) - 1
  })
  return tensor(values, shape)
}

/** Runs a kernel of the backend in use. */
export function runKernel(
  name: string,
  inputs: Record<string, Tensor>,
  attributes: object = {},
): Tensor {
  return engine().runKernel(
    name,
    inputs,
    attributes as Parameters<ReturnType<typeof engine>['runKernel']>[2],
  ) as Tensor
}

/** Counts what is taken from the heap and not given back. */
export function watchHeap(): () => number {
  const { wasm } = backend() as WasmBackend & {
    wasm: { _malloc: (bytes: number) => number; _free: (at: number) => void }
  }
  const taken = new Set<number>()
  const { _malloc, _free } = wasm
  Object.assign(wasm, {
    _malloc: (bytes: number) => {
      const address = _malloc(bytes) >>> 0
      taken.add(address)
      return address
    },
    _free: (address: number) => {
      taken.delete(address)
      _free(address)
    },
  })
  return () => taken.size
}
