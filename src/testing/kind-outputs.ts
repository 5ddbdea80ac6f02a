import { abs, max, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { isTable } from '../layer-kinds/layout.js'
import { expectSame, expectThat } from './expectations.js'
import type { KindExample, TriedLayer } from './kind-example.js'
import { randomValues } from './random-values.js'

/** Rows of a table that the inputs ask for. */
export const ROWS = 2

/** Seeded inputs of an example's layer: numbers of rows for a table. */
export function inputsFor({ kind, inputShape, inputs = 1 }: KindExample): Tensor[] {
  const size = inputShape.reduce((product, side) => product * side, 1)
  const isNumber = Object.values(kind.weights).some(isTable)
  return Array.from({ length: inputs }, (_, i) => {
    const values = randomValues(size, 11 + i)
    return isNumber
      ? tensor(
          Int32Array.from(values, (_value, place) => place % ROWS),
          [...inputShape],
          'int32',
        )
      : tensor(values, [...inputShape])
  })
}

/** The first output of a layer. */
export function outputOf({ layer }: TriedLayer, inputs: readonly Tensor[]): Tensor {
  return [layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs])].flat()[0] as Tensor
}

/** Throws unless two tensors are equal up to rounding. */
export function expectClose(got: Tensor, wanted: Tensor, what: string): void {
  expectSame(got.shape, wanted.shape, `the shape of ${what}`)
  const apart = distance(got, wanted)
  expectThat(apart < 1e-4, `${what} to be equal up to rounding`, `a difference of ${apart}`)
}

/** Largest difference between two tensors of one shape. */
export function distance(a: Tensor, b: Tensor): number {
  return tidy(() => max(abs(sub(a, b))).dataSync()[0]!)
}
