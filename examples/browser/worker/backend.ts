import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import '@tensorflow/tfjs-backend-webgl'
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import type { BackendName } from '../shared/contract.js'

enableProdMode()
// The files come from the page's own server. tfjs takes the one that the browser can run.
setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
})

/** Starts the backend of this worker. */
export async function startBackend(name: BackendName): Promise<void> {
  if (!(await setBackend(name).catch(() => false)))
    throw new Error(`This browser has no ${name} in a worker. Choose the other backend.`)
  if (name === 'wasm') registerWasmGradients()
}
