import { abs, mul, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { oneOf } from '../internal/option-checks.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { needing } from './needing.js'
import { ranksWithinGroups } from './ranks.js'

/** Options of {@link wanda}. */
export interface WandaOptions {
  /**
   * An element competes with its output's others, as in the paper, or with all of its weight.
   * @default 'output'
   */
  readonly compare?: 'output' | 'layer'
}

const checks: OptionChecks<WandaOptions> = { compare: oneOf('output', 'layer') }

/**
 * Keeps the weights that contribute most to a layer's outputs: |w| norm2(x), x the inputs that w is
 * multiplied with, over all samples and places. Needs no gradient.
 *
 * `compare: 'layer'`: the score is |w| norm2(x). `compare: 'output'`: it is the rank of that number
 * within its output, over the number of elements of the output, in (0, 1]; equal numbers rank by
 * flat index, pruned elements lowest. All outputs then keep the same number of elements, give or
 * take one, whatever their scale. A weight whose outputs have one element each (a bias) is compared
 * as a whole.
 *
 * @param options The elements that one competes with.
 * @returns A criterion that needs samples; its tensor has the weight's shape and belongs to the
 *   caller.
 * @throws {TypeError} If an option does not exist.
 * @throws {RangeError} If `compare` is neither `'output'` nor `'layer'`.
 * @see Sun et al. 2023, A Simple and Effective Pruning Approach for Large Language Models, arXiv
 *   2306.11695.
 *
 * @example
 * ```ts
 * import { ones, tensor2d } from '@tensorflow/tfjs-core'
 * import { wanda } from 'tfjs-prune'
 *
 * const final = tensor2d([[4, 0.1], [-3, 0.3]])
 * const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1 }
 * const weight = { ...place, initial: final, final, mask: ones([2, 2]) }
 * const score = wanda()({ ...weight, inputNorm: tensor2d([[1], [2]]) })
 * if (score.dataSync().join() !== '0.5,0.5,1,1') throw new Error('the second input is the better of both outputs')
 * ```
 */
export function wanda(options: WandaOptions = {}): Criterion {
  checkOptions(options, { task: 'make wanda', checks })
  const { compare = 'output' } = options
  return needing(['inputNorm'], (weight) => {
    const products = mul(abs(weight.final), weight.inputNorm)
    return compare === 'layer' ? products : rankWithinOutputs(products, weight)
  })
}

/** The share of its output's elements that an element reaches: 1 for the best of each output. */
function rankWithinOutputs(products: Tensor, weight: ScoredWeight): Tensor {
  const { shape, size } = products
  const [values, mask] = [products.dataSync(), weight.mask.dataSync()]
  const { count, inner } = outputsOf(weight)
  // Loops, since `map` of typed arrays takes ten times as long, and a network has many elements.
  const kept = new Float32Array(size)
  for (let i = 0; i < size; i++) kept[i] = mask[i] === 0 ? -1 : values[i]!
  const shares = ranksWithinGroups(kept, { groups: count, inner })
  const ofOutput = size / count
  for (let i = 0; i < size; i++) {
    // A score that is not finite has no place, and is refused as such.
    shares[i] = Number.isFinite(kept[i]) ? shares[i]! / ofOutput : kept[i]!
  }
  return tensor(shares, shape)
}

/** Number of outputs, and of elements of one output that lie side by side. */
function outputsOf({ final: { shape, size }, unitAxes = [shape.length - 1] }: ScoredWeight) {
  const count = sizeOf(unitAxes.map((axis) => shape[axis]!))
  const inner = sizeOf(shape.slice(unitAxes.at(-1)! + 1))
  return count === size ? { count: 1, inner: 1 } : { count, inner }
}

function sizeOf(sides: readonly number[]): number {
  return sides.reduce((product, side) => product * side, 1)
}
