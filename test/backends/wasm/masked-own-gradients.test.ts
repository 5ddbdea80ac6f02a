import {
  type GradConfig,
  getGradient,
  grad,
  matMul,
  mul,
  registerGradient,
  reshape,
  type Scalar,
  setBackend,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  unregisterGradient,
  variable,
} from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { MaskedOptimizer } from '../../../src/masks/masked-optimizer.js'
import { countDense, maskTensor, Seen } from './masked-support.js'
import { noise } from './support.js'

/** Puts a gradient around that of tfjs. */
function wrapGradient(name: string, look: (dy: Tensor, saved: Tensor[]) => void): void {
  const stock = getGradient(name) as GradConfig
  const gradFunc: GradConfig['gradFunc'] = (dy, saved, attrs) => {
    look(dy as Tensor, saved as Tensor[])
    return stock.gradFunc(dy, saved, attrs)
  }
  unregisterGradient(name)
  registerGradient({ ...stock, gradFunc })
}

it.skipIf(process.env.TFJS_BACKEND !== 'wasm')(
  'gradients that were registered before the masked kernels see whole gradients and products',
  async () => {
    await setBackend('wasm')
    const x = noise([9, 7], 5) as Tensor2D
    const mask = maskTensor([7, 7], 0.4, 1)
    const held = { variable: variable(tidy(() => mul(noise([7, 7], 1), mask))), mask }
    const cost = () =>
      sum(square(matMul(x, reshape(held.variable as Tensor, [7, 7]) as Tensor2D))) as Scalar
    const [squares, ofWeight] = tidy(() => {
      const product = (w: Tensor) => sum(square(matMul(x, w as Tensor2D)))
      return [matMul(x, x, true), grad(product)(held.variable)].map((each) => each.dataSync())
    })
    const [seenSquares, seenGradients]: [Float32Array[], Float32Array[]] = [[], []]
    wrapGradient('BatchMatMul', (_, [a]) => {
      const inputs = a as Tensor2D
      seenSquares.push(matMul(inputs, inputs, true).dataSync() as Float32Array)
    })
    wrapGradient('Reshape', (dy) => {
      if (dy.size === 49) seenGradients.push(dy.dataSync() as Float32Array)
    })
    await countDense()
    const optimizer = new MaskedOptimizer(new Seen(), [held], true)
    for (let step = 0; step < 2; step++) optimizer.minimize(() => tidy(cost))
    for (const [seen, whole] of [
      [seenSquares, squares!],
      [seenGradients, ofWeight!],
    ] as const) {
      expect(seen).toHaveLength(2)
      for (const each of seen)
        for (const [i, value] of each.entries()) expect(value).toBeCloseTo(whole[i]!, 4)
    }
  },
)
