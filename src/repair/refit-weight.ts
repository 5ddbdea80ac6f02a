import {
  matMul,
  mul,
  ones,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { makeCurvature } from '../criteria/make-curvature.js'
import { refitKernel } from '../criteria/refit-kernel.js'
import type { MaskedWeight } from '../masks/mask.js'
import { checkRepaired } from './check-repaired.js'
import { shareLost } from './share-lost.js'

/** One repaired kernel. */
export interface RefitWeight {
  /** Its name, e.g. `dense_1/kernel`. */
  readonly name: string
  /**
   * Energy of the change of its outputs without bias, over that of the outputs, by the mask alone:
   * sum over outputs of E[(x^T w_masked - x^T w)^2] / E[(x^T w)^2]. NaN where all outputs are 0.
   */
  readonly lostBefore: number
  /** The same after the repair. */
  readonly lostAfter: number
}

interface Inputs {
  /** The values that the kernel is to do as well as. */
  readonly dense: Float32Array
  /** E[x x^T], `[inputs, inputs]`. */
  readonly inputProducts: Tensor
  readonly damping: number
  readonly task: string
}

/** Fits the kept elements of a kernel to its dense outputs. Throws where that cannot be solved. */
export function refitWeight(
  { name, shape, values: kept }: MaskedWeight,
  { dense, inputProducts, damping, task }: Inputs,
): { readonly values: Float32Array; readonly report: RefitWeight } {
  return tidy(() => {
    const final = tensor(dense, [...shape])
    const mask = ones([...shape])
    const stay = tensor(Float32Array.from(kept), [...shape])
    const curvature = makeCurvature({ name, final }, { inputProducts, damping, task })
    const weight = { name, final, mask }
    const after = refitKernel(weight, { kept: stay, curvature, update: 'exact', task })
    const values = after.dataSync().slice() as Float32Array
    checkRepaired(values, { name, task })
    const of = energyOf(final, inputProducts)
    const lost = (kernel: Tensor) =>
      shareLost(energyOf(sub(kernel, final), inputProducts), { of, task: `${task} ${name}` })
    return {
      values,
      report: { name, lostBefore: lost(mul(final, stay)), lostAfter: lost(after) },
    }
  })
}

/** Sum over the outputs of w^T E[x x^T] w. */
function energyOf(kernel: Tensor, products: Tensor): number {
  const columns = reshape(kernel, [products.shape[0]!, -1])
  return sum(mul(columns, matMul(products, columns))).dataSync()[0]!
}
