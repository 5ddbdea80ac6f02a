import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { type Elementwise, elementwise } from '../code/elementwise-code.js'
import { indexOf, type WasmBackend } from '../engine/backend.js'
import { compiledOnce } from '../engine/compiled-once.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { gridOf, type Steps } from './grid.js'

/** The compiled loops of an operation, for operands of which a value serves a row or not. */
const codeOf = (engine: Engine, operation: Elementwise, column: Steps): Compiled =>
  compiledOnce(engine, `elementwise ${operation.name} ${column}`, () =>
    elementwise(
      operation,
      column.map((step) => step === 0),
    ),
  )

/**
 * An operation on tensors, value by value, the shorter ones repeated as tfjs does. Undefined where
 * they are not of float32, there is no value, or the host has no SIMD.
 */
export function runElementwise(
  backend: WasmBackend,
  operation: Elementwise,
  operands: readonly TensorInfo[],
): TensorInfo | undefined {
  const engine = engineOf(backend)
  if (!engine.compile || operands.some(({ dtype }) => dtype !== 'float32')) return undefined
  const shapes = operands.map(({ shape }) => shape)
  const shape = shapes.reduce(broadcast_util.assertAndGetBroadcastShape)
  if (util.sizeFromShape(shape) === 0) return undefined
  const result = backend.makeOutput(shape, operation.truth ? 'bool' : 'float32')
  const { rows, columns, column, row, starts } = gridOf(shapes)
  const loops = codeOf(engine, operation, column)
  const size = operation.truth ? 1 : 4
  const places = operands.map((operand) => indexOf(backend, operand))
  const outFrom = backend.dataIdMap.get(result.dataId).memoryOffset
  const whole = columns - (columns % 4)
  starts.forEach((start, index) => {
    const run = (loop: Compiled[string], from: number, count: number, lanes: number): void => {
      if (count === 0) return
      loop(
        rows,
        count / lanes,
        outFrom + (index * rows * columns + from) * size,
        (columns - count) * size,
        ...places.map((place, i) => (place + start[i]! + from * column[i]!) * 4),
        ...row.map((step, i) => (step - count * column[i]!) * 4),
      )
    }
    run(loops.elementwise4!, 0, whole, 4)
    run(loops.elementwise1!, whole, columns - whole, 1)
  })
  return result
}
