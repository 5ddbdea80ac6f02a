import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat, required } from '../internal/option-checks.js'
import { channelAxis, sumsInputs } from '../layer-kinds/weight-axes.js'
import type { WeightPlace } from '../types.js'
import { checkRank } from './check-rank.js'
import type { Grains, Granularity } from './granularity.js'

/** Options of {@link nOfM}. */
export interface NOfMOptions {
  /** M: inputs in a row that form a cell, a whole number of at least 2. */
  readonly of: number
}

const checks: OptionChecks<NOfMOptions> = {
  of: required(
    numberThat('a whole number of at least 2', (of) => Number.isSafeInteger(of) && of >= 2),
  ),
}

/**
 * Prunes single elements, the same number in each cell of M: N of M inputs in a row stay, for every
 * output and every place of a convolution's window. Sparse tensor cores run 2 of 4.
 *
 * N is M times the density, so 4 has 1:4, 2:4 and 3:4 at densities of 0.25, 0.5 and 0.75, and
 * nothing else. Exactly N stay of each cell that has N left. Where the inputs are no multiple of M
 * the last cell is filled up with groups that have no element, as the hardware pads it with zeros:
 * N of it stay, or all it has if that is less. So kernels of few inputs stay denser than asked, a
 * kernel with one input whole; leave them out, or count on it. All layers keep one share: beside
 * another allocator than `perLayer()`, limits or `spareEnds` a step throws.
 *
 * @param options The size of a cell.
 * @returns A granularity with cells; `count` is outputs * ceil(inputs / M) * M. It throws a
 *   RangeError for weights that do not sum over inputs: biases, embeddings, depthwise kernels.
 * @throws {TypeError} If `of` is no number or an option is not known.
 * @throws {RangeError} If `of` is no whole number of at least 2.
 * @see Mishra et al. 2021, Accelerating Sparse Deep Neural Networks, arXiv 2104.08378.
 *
 * @example
 * ```ts
 * import { grainScores, nOfM, keepInCells } from 'tfjs-prune'
 *
 * const weight = {
 *   name: 'out/kernel',
 *   layer: 'out',
 *   role: 'kernel',
 *   className: 'Dense',
 *   shape: [4, 1],
 * }
 * const grains = nOfM({ of: 4 }).grains(weight)
 * const scores = grainScores(Float32Array.of(0.3, 0.9, 0.1, 0.5), grains)
 * const mask = keepInCells(scores, { mask: Uint8Array.of(1, 1, 1, 1), cell: 4, density: 0.5 })
 * if (mask.join() !== '0,1,0,1') throw new Error('two of four')
 * ```
 */
export function nOfM(options: NOfMOptions): Granularity {
  checkOptions(options, { task: 'group by cells', checks })
  const { of } = options
  return { name: `nOfM({ of: ${of} })`, grains: (weight) => cellGrains(weight, of) }
}

function cellGrains(weight: WeightPlace, cell: number): Grains {
  const { name, role, shape } = weight
  checkRank(weight, `nOfM({ of: ${cell} })`)
  if (!sumsInputs(weight)) {
    const wanted = 'expected a weight that sums over its inputs'
    throw new RangeError(`Cannot group ${name} by nOfM({ of: ${cell} }): ${wanted}, got ${role}`)
  }
  const axis = channelAxis(weight)
  const inputs = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((product, side) => product * side, 1)
  const size = shape.reduce((product, side) => product * side, 1)
  const padded = Math.ceil(inputs / cell) * cell
  const of = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const output = Math.floor(i / (inner * inputs)) * inner + (i % inner)
    of[i] = output * padded + (Math.floor(i / inner) % inputs)
  }
  return { count: (size / inputs) * padded, of, cell }
}
