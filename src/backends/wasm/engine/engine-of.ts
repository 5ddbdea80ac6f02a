import { floatsOf, type WasmBackend, type WasmModule } from './backend.js'
import type { Engine } from './engine.js'
import { plainEngine } from './plain-engine.js'
import { simdEngine } from './simd-engine.js'

const engines = new WeakMap<WasmModule, Engine>()

/**
 * The engine of a backend: SIMD WebAssembly on the backend's own memory, or plain loops where that
 * is impossible.
 */
export function engineOf(backend: WasmBackend): Engine {
  const known = engines.get(backend.wasm)
  if (known) return known
  const engine = simdEngine(backend.wasm) ?? plainEngine(() => floatsOf(backend))
  engines.set(backend.wasm, engine)
  return engine
}
