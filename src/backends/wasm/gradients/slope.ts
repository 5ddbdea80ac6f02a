import {
  backend,
  customGrad,
  engine,
  type GradSaveFunc,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import type { WasmBackend } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

/**
 * A gradient as one kernel: an operation on dy and others that is linear in dy and flat in the
 * others, as the steps are of which tfjs composes it. Undefined where it cannot run.
 */
export function slope(
  operation: Elementwise,
  inputs: readonly Tensor[],
): (() => Tensor) | undefined {
  const fits = inputs.every(({ dtype, size }) => dtype === 'float32' && size > 0)
  if (!fits || !engineOf(backend() as WasmBackend).compile) return undefined
  const run = customGrad<Tensor>((...given) => {
    const operands = given.slice(0, -1) as Tensor[]
    const out = runElementwise(backend() as WasmBackend, operation, operands)!
    const save = given.at(-1) as GradSaveFunc
    save(operands.slice(1))
    const gradFunc = (ddy: Tensor, saved: Tensor[]) => [
      slope(operation, [ddy, ...saved])!(),
      ...saved.map((each) => zerosLike(each)),
    ]
    return { value: engine().makeTensorFromTensorInfo(out), gradFunc }
  })
  return () => run(...inputs)
}
