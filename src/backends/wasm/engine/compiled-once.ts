import type { WasmFunction } from '../../../internal/assembler.js'
import type { Compiled, Engine } from './engine.js'

const known = new WeakMap<Engine, Map<string, Compiled>>()

/**
 * Functions of an engine with SIMD, compiled when they are first asked for. The key names them among
 * all that the engine runs.
 */
export function compiledOnce(
  engine: Engine,
  key: string,
  code: () => readonly WasmFunction[],
): Compiled {
  const ofEngine = known.get(engine) ?? new Map<string, Compiled>()
  known.set(engine, ofEngine)
  const compiled: Compiled =
    ofEngine.get(key) ?? Object.assign({}, ...code().map((each) => engine.compile!(each)))
  ofEngine.set(key, compiled)
  return compiled
}
