import {
  add,
  customGrad,
  grads,
  mul,
  type Scalar,
  serialization,
  square,
  sum,
  type Tensor,
  tensor2d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { initializers, input, layers, model } from '@tensorflow/tfjs-layers'
import { createMask, registerLayerKind, withMasks } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, expect, it } from 'vitest'

beforeAll(() => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
})

/** x + kernel, by an own gradient that is one tensor for both. */
class Shift extends layers.Layer {
  static className = 'SharedGradientShift'
  override build([, units]: number[]) {
    this.addWeight('kernel', [units!, units!], 'float32', initializers.ones())
    super.build([units!])
  }
  override call(inputs: Tensor | Tensor[]) {
    const sameGradient = customGrad((x, kernel) => ({
      value: add(x as Tensor, kernel as Tensor),
      gradFunc: (dy) => [dy, dy],
    }))
    return sameGradient([inputs].flat()[0]!, this.weights[0]!.read())
  }
}

it('withMasks masks a gradient that an own layer shares for its weight alone', () => {
  serialization.registerClass(Shift)
  const kernel = { use: 'kernel', axes: ['in', 'out'] } as const
  registerLayerKind({ className: Shift.className, weights: { kernel } })
  const x = input({ shape: [2] })
  const first = layers.dense({ units: 2, useBias: false, kernelInitializer: 'identity' })
  const source = model({
    inputs: x,
    outputs: new Shift({ name: 'shift' }).apply(first.apply(x)) as typeof x,
  })
  const held = { name: 'shift/kernel', layer: 'shift', role: 'kernel', shape: [2, 2] }
  const masked = withMasks(source, createMask([{ ...held, values: Uint8Array.of(1, 0, 0, 1) }], 8))
  const images = tensor2d([1, 2, 3, 4], [2, 2])
  const output = () => masked.apply(images, { training: true }) as Tensor
  const [ofDense, ofShift] = masked.trainableWeights.map((weight) => weight.read() as Variable) as [
    Variable,
    Variable,
  ]

  // dy is 2 (x + kernel) = [[4, 4], [6, 10]]; that of the first kernel is x' dy.
  const found = variableGrads(() => sum(square(output())) as Scalar).grads
  expect([...found[ofShift.name]!.dataSync()]).toEqual([4, 0, 0, 10])
  expect([...found[ofDense.name]!.dataSync()]).toEqual([22, 34, 32, 48])

  const dy = mul(tensor2d([1, 1, 1, 1], [2, 2]), 3)
  const [ofWeight] = grads(() => output())([ofShift], dy)
  expect([...ofWeight!.dataSync()]).toEqual([3, 0, 0, 3])
  expect([...dy.dataSync()]).toEqual([3, 3, 3, 3])
})
