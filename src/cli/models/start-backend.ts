import { createRequire } from 'node:module'
import { join } from 'node:path'
import { env, ready, setBackend } from '@tensorflow/tfjs-core'
import type { BackendName } from './backend-names.js'

const WASM = '@tensorflow/tfjs-backend-wasm'

/**
 * Starts a backend, and tells where it is the slow one because the fast one is not installed.
 *
 * @throws {Error} If wasm is asked for and not installed, or does not start.
 */
export async function startBackend(
  wanted: BackendName,
  tell: (text: string) => void,
): Promise<void> {
  // tfjs otherwise advises to install tfjs-node.
  env().set('PROD', true)
  const isThere = wanted !== 'cpu' && loadWasm()
  if (wanted === 'wasm' && !isThere) {
    throw new Error(
      `Cannot start the wasm backend: expected ${WASM} to be installed, got none: npm install ${WASM}@4`,
    )
  }
  if (!isThere) await import('@tensorflow/tfjs-backend-cpu')
  const name = isThere ? 'wasm' : 'cpu'
  if (!(await setBackend(name))) throw new Error(`Cannot start the ${name} backend of tfjs`)
  await ready()
  if (wanted === 'auto' && !isThere)
    tell(`Computing on the cpu backend; ${WASM} is faster where it is installed.`)
}

/** Loads the wasm backend from beside this package, or from the folder of the caller. */
function loadWasm(): boolean {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(from)
    try {
      require.resolve(WASM)
    } catch {
      continue
    }
    require(WASM)
    return true
  }
  return false
}
