import { four } from '../../../internal/lanes.js'
import { blockShapes } from '../../../sparse/kernels/code/blocks-code.js'
import { gatherFunctions } from '../../../sparse/kernels/code/gather-code.js'
import { productRow } from '../../../sparse/kernels/code/product-code.js'
import { transposeFunctions } from '../../../sparse/kernels/code/transpose-code.js'
import type { Kernels } from '../../../sparse/kernels/kernels.js'
import { kernelsOf } from '../../../sparse/kernels/kernels-of.js'
import { productGradientRow } from '../../../sparse/training/kernels/product-gradient-code.js'
import type { Compiled, Engine } from '../engine/engine.js'

/** The loops over kept weights: those of compiled sparse networks, on the backend's memory. */
export interface Loops extends Pick<Kernels, 'product' | 'transpose'> {
  /** sums[entry] += input[offset] * output[row], four partial sums an entry; `values`: the sums. */
  readonly productGradient: Kernels['product']
}

const known = new WeakMap<Engine, Loops>()

/** The loops, made once a backend; the host must have SIMD. */
export function loopsOf(engine: Engine): Loops {
  const found = known.get(engine)
  if (found) return found
  const { add, multiply } = four
  const product = productRow((sum, factor, value) => [
    ...[...sum, ...factor, ...value, ...multiply, ...add],
  ])
  const compile = (row: typeof productGradientRow): Compiled => {
    // All rows of a block before the next block: rows lie side by side.
    const [wide] = gatherFunctions('productWide', blockShapes.wide, row)
    const [narrow] = gatherFunctions('productNarrow', blockShapes.narrow, row)
    const code = [wide!, narrow!, ...transposeFunctions()]
    return Object.assign({}, ...code.map((each) => engine.compile!(each)))
  }
  const loops = {
    ...kernelsOf(compile(product)),
    productGradient: kernelsOf(compile(productGradientRow)).product,
  }
  known.set(engine, loops)
  return loops
}
