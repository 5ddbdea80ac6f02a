import { backend, customGrad, engine, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import type { WasmBackend } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import type { BetterGradient } from './replace-gradient.js'

const doubled: Elementwise = {
  name: 'doubledProduct',
  of: ({ product, sum }, a, b) => product(a!, sum(b!, b!)),
}

/** 2 a b in one pass, for two of one shape. */
const doubledProduct: (a: Tensor, b: Tensor) => Tensor = customGrad<Tensor>((...given) => {
  const [a, b] = given as [Tensor, Tensor]
  const save = given.at(-1) as unknown as GradSaveFunc
  save([a, b])
  const value = runElementwise(backend() as WasmBackend, doubled, [a, b])!
  const gradFunc = (dy: Tensor, saved: Tensor[]) => {
    const [a, b] = saved as [Tensor, Tensor]
    return [doubledProduct(dy, b), doubledProduct(dy, a)]
  }
  return { value: engine().makeTensorFromTensorInfo(value), gradFunc }
})

/** The gradient of Square, 2 x dy; the stock one takes two passes. */
export const square: BetterGradient = (dy, saved) => {
  const [x] = saved as [Tensor]
  const fits = [dy, x].every(({ dtype, size }) => dtype === 'float32' && size > 0)
  if (!fits || !engineOf(backend() as WasmBackend).compile) return undefined
  return { x: () => doubledProduct(dy, x) }
}
