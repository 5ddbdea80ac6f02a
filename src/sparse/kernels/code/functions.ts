import type { WasmFunction } from '../../../internal/assembler.js'
import { four, relaxedMultiplyAdd } from '../../../internal/lanes.js'
import { blockShapes } from './blocks-code.js'
import { denseProductFunctions } from './dense-product-code.js'
import { elementwiseFunctions } from './elementwise-code.js'
import { fourRowsProduct } from './four-rows-code.js'
import { gatherFunctions } from './gather-code.js'
import { halveFunction } from './halve-code.js'
import { maximumRow } from './maximum-code.js'
import { moveFunctions } from './moves-code.js'
import { type MultiplyAdd, productRow } from './product-code.js'
import { transposeFunctions } from './transpose-code.js'

const sizes: readonly (readonly [keyof typeof blockShapes, string])[] = [
  ['wide', 'Wide'],
  ['narrow', 'Narrow'],
  ['single', 'Single'],
]

/** All functions of the kernels. */
export function kernelFunctions({ relaxed }: { relaxed: boolean }): WasmFunction[] {
  const fused: MultiplyAdd = (sum, factor, value) => [
    ...[...factor, ...value, ...sum, ...relaxedMultiplyAdd],
  ]
  return [
    ...sizes.flatMap(([size, name]) => {
      const shape = blockShapes[size]
      const { multiply, add } = shape.lanes
      const plain: MultiplyAdd = (sum, factor, value) => [
        ...[...sum, ...factor, ...value, ...multiply, ...add],
      ]
      const row = productRow(relaxed && shape.lanes === four ? fused : plain)
      return [
        ...gatherFunctions(`product${name}`, shape, row),
        ...gatherFunctions(`maximum${name}`, shape, maximumRow),
      ]
    }),
    ...denseProductFunctions(
      relaxed
        ? fused
        : (sum, factor, value) => [...sum, ...factor, ...value, ...four.multiply, ...four.add],
    ),
    fourRowsProduct,
    halveFunction,
    ...moveFunctions(),
    ...transposeFunctions(),
    ...elementwiseFunctions(),
  ]
}
