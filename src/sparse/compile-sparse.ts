import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { anything, checkFlag } from '../internal/option-checks.js'
import type { Round } from '../rounds/round.js'
import { type Loaded, loadNetwork } from './load-network.js'
import type { Shape } from './network/network.js'
import type { NetworkSource } from './network/source.js'
import { readInputs, type SparseInput, type TensorLike } from './read-inputs.js'
import { readNetwork } from './reading/read-network.js'
import type { TensorTools } from './sources/call-layer.js'
import { openNetworkSource } from './sources/open-network-source.js'
import type { Predict, SparseNetwork } from './sparse-network.js'
import type { Threads } from './threads/worker-threads.js'

/** Options of {@link compileSparse}. */
export interface CompileSparseOptions {
  /** A finished round of `prune` whose weights are taken. @default those that the model has */
  readonly round?: Pick<Round, 'mask' | 'trained'>
  /**
   * Shapes of the inputs without the batch, where the model leaves sides open.
   *
   * @default those of the model
   */
  readonly inputShapes?: readonly Shape[]
  /**
   * tfjs-core, or its `tensor` and `tidy`: layers that cannot be compiled run in it, and tensors
   * come out where tensors go in. Left out, tfjs is not needed at all.
   */
  readonly tfjs?: TensorTools
  /**
   * Multiplies and adds in one instruction where the host can: faster, but the last bits of the
   * outcome depend on the host. @default false
   */
  readonly relaxed?: boolean
  /** Threads that share the work, see {@link workerThreads}. @default that of the caller alone */
  readonly threads?: Threads
}

const task = 'compile a sparse network'

/** Throws a TypeError unless a value has a method. */
const checkMethod =
  (method: string, wanted: string): OptionCheck =>
  (value, { name }) => {
    if (typeof (value as Record<string, unknown> | null)?.[method] === 'function') return
    const got = describe(value)
    throw new TypeError(`Cannot ${task}: expected ${name} ${wanted}, got ${got}`)
  }

/** Checks of the options, one each. */
export const compilingChecks = {
  round: anything,
  inputShapes: anything,
  tfjs: checkMethod('tensor', 'with the function tensor'),
  relaxed: checkFlag,
  threads: checkMethod('start', 'as workerThreads({ count: 2 }) makes them'),
} satisfies OptionChecks<CompileSparseOptions>

/**
 * Compiles a pruned model to WebAssembly that skips its zeros: time and memory in proportion to the
 * weights that are left.
 *
 * Batch normalisation becomes part of the layer before it. Each layer is summed by the kernel for
 * sparse or by that for whole matrices, whichever takes less time on this host; both add in the
 * same order and give the same bits. Layers of your own, also those that inherit the name of a stock
 * one, are left to tfjs: hand `tfjs` in. A model with a mask that a layer may obey is refused.
 *
 * @param source A built model, which is read and not changed, or a file that `openCompressed` has
 *   opened. Later changes of the model are seen by `update` alone.
 * @param options The round whose weights are taken, open input shapes, tfjs.
 * @returns The network, in memory of its own; the caller disposes it.
 * @throws {TypeError} If the source is no model, or an option does not exist or is of the wrong
 *   type.
 * @throws {RangeError} If a layer can neither be compiled nor be run by tfjs, an input has an open
 *   side, the round is of another model, or the host refuses the memory.
 * @throws {Error} If the host has no WebAssembly SIMD or forbids WebAssembly.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask } from 'tfjs-prune'
 * import { compileSparse } from 'tfjs-prune/sparse'
 *
 * const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [16] })] })
 * applyMask(model, await computeMask(model, { density: 0.25 }))
 * const network = await compileSparse(model)
 * if (network.stats.multiplyAdds !== 32) throw new Error('a quarter of 8 x 16')
 * const two = network.predict(new Float32Array(32)) as Float32Array
 * if (two.length !== 16) throw new Error('two samples of 8 outputs')
 * network.dispose()
 * ```
 */
export async function compileSparse(
  source: LayersModel | NetworkSource,
  options: CompileSparseOptions = {},
): Promise<SparseNetwork> {
  checkOptions(options, { task, checks: compilingChecks })
  const { tfjs, relaxed = false, threads } = options
  const load = async () => {
    const network = readNetwork(await openNetworkSource(source, options, task), options)
    return loadNetwork(network, { relaxed, threads })
  }
  let loaded: Loaded | undefined = await load()
  const { inputs, outputs, stats } = loaded
  let [begun, taken] = [0, 0] // updates, by their number
  const use = (): Loaded => {
    if (loaded) return loaded
    throw new Error('Cannot predict: expected a network in use, got one disposed of')
  }
  const predict = (given: SparseInput | readonly SparseInput[]) => {
    const { run } = use()
    const { batch, values } = readInputs(given, inputs)
    const made = run(values, batch)
    const first = Array.isArray(given) ? given[0] : given
    const results = ArrayBuffer.isView(first) ? made : tensors(made, { outputs, batch, tfjs })
    return results.length === 1 ? results[0] : results
  }
  return {
    ...{ inputs, outputs },
    predict: predict as Predict,
    get stats() {
      return loaded?.stats ?? stats
    },
    update: async () => {
      use()
      const turn = ++begun
      const next = await load()
      const isLate = turn < taken // an update that began later was quicker
      if (isLate || !loaded) next.dispose()
      const before = use()
      if (isLate) return
      before.dispose()
      ;[loaded, taken] = [next, turn]
    },
    dispose: () => {
      loaded?.dispose()
      loaded = undefined
    },
  }
}

function tensors(
  made: readonly Float32Array[],
  of: { outputs: readonly Shape[]; batch: number; tfjs: TensorTools | undefined },
): TensorLike[] {
  const { outputs, batch, tfjs } = of
  if (tfjs) return made.map((one, i) => tfjs.tensor(one, [batch, ...outputs[i]!], 'float32'))
  const remedy = 'hand tfjs-core in as the option tfjs of compileSparse, or give typed arrays'
  throw new TypeError(`Cannot predict: expected typed arrays, got a tensor; ${remedy}`)
}
