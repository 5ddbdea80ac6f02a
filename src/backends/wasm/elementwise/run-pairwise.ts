import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { elementwise, type Pairwise } from '../code/elementwise-code.js'
import { indexOf, type WasmBackend } from '../engine/backend.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { gridOf } from './grid.js'

const known = new WeakMap<Engine, Map<string, Compiled>>()

/** The compiled loops of an operation, made once a backend. */
function codeOf(engine: Engine, operation: Pairwise, column: { a: number; b: number }): Compiled {
  const ofEngine = known.get(engine) ?? new Map<string, Compiled>()
  known.set(engine, ofEngine)
  const key = `${operation.name} ${column.a} ${column.b}`
  const found = ofEngine.get(key)
  if (found) return found
  const code = elementwise(operation, { a: column.a === 0, b: column.b === 0 })
  const compiled: Compiled = Object.assign({}, ...code.map((each) => engine.compile!(each)))
  ofEngine.set(key, compiled)
  return compiled
}

/**
 * An operation on two tensors, value by value, the shorter one repeated as tfjs does. Undefined
 * where that is not of float32, has no values, or the host has no SIMD.
 */
export function runPairwise(
  backend: WasmBackend,
  operation: Pairwise,
  { a, b }: { a: TensorInfo; b: TensorInfo },
): TensorInfo | undefined {
  const engine = engineOf(backend)
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || !engine.compile) return undefined
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
  if (util.sizeFromShape(shape) === 0) return undefined
  const result = backend.makeOutput(shape, operation.truth ? 'bool' : 'float32')
  const { rows, columns, column, row, starts } = gridOf(a.shape, b.shape)
  const loops = codeOf(engine, operation, column)
  const size = operation.truth ? 1 : 4
  const [aFrom, bFrom] = [indexOf(backend, a), indexOf(backend, b)]
  const outFrom = backend.dataIdMap.get(result.dataId).memoryOffset
  const whole = columns - (columns % 4)
  starts.forEach((start, index) => {
    const run = (loop: Compiled[string], from: number, count: number, lanes: number): void => {
      if (count === 0) return
      loop(
        rows,
        count / lanes,
        (aFrom + start.a + from * column.a) * 4,
        (bFrom + start.b + from * column.b) * 4,
        outFrom + (index * rows * columns + from) * size,
        (row.a - count * column.a) * 4,
        (row.b - count * column.b) * 4,
        (columns - count) * size,
      )
    }
    run(loops.elementwise4!, 0, whole, 4)
    run(loops.elementwise1!, whole, columns - whole, 1)
  })
  return result
}
