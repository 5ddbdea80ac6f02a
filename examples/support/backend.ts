import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'

/** Starts the fast backend of plain Node as tfjs ships it. */
export async function startStockWasm(): Promise<void> {
  tf.env().set('PROD', true)
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(join(dirname(main), '/'))
  await tf.setBackend('wasm')
}

/** Starts it with the gradients that convolutional networks need. */
export async function startWasm(): Promise<void> {
  await startStockWasm()
  registerWasmGradients()
}

/** The gate runs the long examples in a short mode. */
export const isShort = process.env.EXAMPLES === 'short'
