import { backend, getBackend, type Variable } from '@tensorflow/tfjs-core'
import { floatValues } from './float-values.js'

/** The part of the wasm backend that says where values lie. */
interface WasmMemory {
  readonly wasm?: { readonly HEAPU8?: Uint8Array }
  readonly dataIdMap?: {
    has: (dataId: object) => boolean
    get: (dataId: object) => { readonly memoryOffset: number }
  }
}

/**
 * Shows the values of a float32 variable to a function that leaves them as they are and does not
 * hold them. On wasm they are seen where they lie, since a copy would take longer than most looks.
 */
export async function lookAtValues<T>(
  variable: Variable,
  look: (values: Float32Array) => T,
): Promise<T> {
  return look(valuesInPlace(variable) ?? (await floatValues(variable)))
}

/** A view of the memory of the backend, good until the backend is asked for anything. */
function valuesInPlace({ dataId, size, isDisposed }: Variable): Float32Array | undefined {
  if (getBackend() !== 'wasm' || isDisposed) return undefined
  const { wasm, dataIdMap } = backend() as WasmMemory
  if (!wasm?.HEAPU8 || !dataIdMap?.has(dataId)) return undefined
  return new Float32Array(wasm.HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, size)
}
