import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { env, memory, ready, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, expect } from 'vitest'

const backend = process.env.TFJS_BACKEND ?? 'cpu'

// Without a backend, a test that was taken for a plain one fails.
if (backend !== 'none') await import('@tensorflow/tfjs-backend-cpu')

beforeAll(async () => {
  env().set('PROD', true) // tfjs then keeps its advice about tfjs-node to itself
  if (backend === 'none') return
  setWasmPaths(
    new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname,
  )
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
})

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: must repeat vitest's own declaration
  interface Matchers<T = any> {
    /** The function, run twice so that caches are warm, creates no tensor that outlives it. */
    toLeaveNoTensors(): Promise<T>
  }
}

expect.extend({
  async toLeaveNoTensors(run: () => unknown) {
    await run()
    const before = memory().numTensors
    await run()
    const left = memory().numTensors - before
    return { pass: left === 0, message: () => `expected no tensor to be left, but ${left} were` }
  },
})
