import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { oneOf } from '../internal/option-checks.js'
import type { Engine, OpenEngine } from '../types.js'
import { type CompileSparseOptions, compileSparse, compilingChecks } from './compile-sparse.js'
import { whyNot } from './network/why-not.js'
import type { SparseNetwork, SparseStats } from './sparse-network.js'

/** Options of {@link sparseEngine}. */
export interface SparseEngineOptions extends Omit<CompileSparseOptions, 'round'> {
  /**
   * `'faster'`: where a compiled network is faster than the backend of tfjs; else, and where the
   * model cannot be compiled, tfjs runs it. `'always'`: on every backend, and a model that cannot be
   * compiled is an error. @default 'faster'
   */
  readonly when?: 'faster' | 'always'
}

const task = 'make a sparse engine'
const { round: _, ...compiling } = compilingChecks
const checks: OptionChecks<SparseEngineOptions> = {
  ...compiling,
  when: oneOf('faster', 'always'),
}

/** Share of the multiply-adds of whole matrices below which it is faster than the wasm backend. */
const CROSSOVER = 0.6

/**
 * Makes an engine for `evaluateOn` that runs a pruned model as a compiled network, which skips its
 * zeros.
 *
 * With `'faster'` it takes the cpu backend's place at every density, and that of the wasm backend
 * where at most 60 % of the multiply-adds are left and every layer could be compiled. On a GPU tfjs
 * stays.
 *
 * @param options When it runs, and the options of `compileSparse`.
 * @returns The engine; it holds nothing between two evaluations.
 * @throws {TypeError} If an option does not exist or is of the wrong type.
 * @throws {RangeError} If `when` is none of its words.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn } from 'tfjs-prune'
 * import { sparseEngine } from 'tfjs-prune/sparse'
 *
 * const model = sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] })
 * model.setWeights([tensor2d([[1]])])
 * const data = { xs: tensor2d([[-2], [1], [3]]), ys: [0, 1, 1] }
 * const evaluate = evaluateOn(data, { positiveClass: 1, engine: sparseEngine({ when: 'always' }) })
 * const { confusion, engine } = await evaluate(model)
 * if (confusion.truePositives !== 2 || engine?.name !== 'sparse') throw new Error('as with tfjs')
 * ```
 */
export function sparseEngine(options: SparseEngineOptions = {}): Engine {
  checkOptions(options, { task, checks })
  const { when = 'faster', ...compiling } = copyOptions(options, checks)
  return {
    open: async (model, { backend }) => {
      if (when === 'always') return running(await compileSparse(model, compiling), 'as asked for')
      if (backend !== 'cpu' && backend !== 'wasm') return tfjs(`it runs on ${backend}`)
      return fasterOf(model, { backend, compiling })
    },
  }
}

async function fasterOf(
  model: LayersModel,
  { backend, compiling }: { backend: 'cpu' | 'wasm'; compiling: CompileSparseOptions },
): Promise<OpenEngine> {
  let network: SparseNetwork
  try {
    network = await compileSparse(model, compiling)
  } catch (error) {
    return tfjs(whyNot(error))
  }
  const left = shareLeft(network.stats)
  const foreign = network.stats.steps.find(({ way }) => way === 'tfjs')
  const why = `${Math.round(left * 100)} % of the multiply-adds are left, on ${backend}`
  if (!foreign && (backend === 'cpu' || left <= CROSSOVER)) return running(network, why)
  network.dispose()
  return tfjs(foreign ? `${foreign.layer} cannot be compiled` : why)
}

const tfjs = (why: string): OpenEngine => ({ used: { name: 'tfjs', why }, dispose: () => {} })

function running(network: SparseNetwork, why: string): OpenEngine {
  return {
    used: { name: 'sparse', why },
    predict: async (inputs: readonly Tensor[]) => {
      const values = await Promise.all(inputs.map((input) => input.data()))
      return network.predict(values as Float32Array[]) as Float32Array
    },
    dispose: network.dispose,
  }
}

/** Multiply-adds with weights that are not 0, as a share of all. */
function shareLeft({ steps, denseMultiplyAdds }: SparseStats): number {
  const left = steps.reduce((sum, step) => sum + (step.density ?? 0) * step.denseMultiplyAdds, 0)
  return denseMultiplyAdds > 0 ? left / denseMultiplyAdds : 1
}
