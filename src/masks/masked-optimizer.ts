import { dispose, Optimizer, type Scalar, tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Gradients } from '../internal/gradients.js'
import { noteHold, noteZeros } from '../internal/masked-weights.js'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'
import { ClippedOptimizer } from '../updates/clipped-optimizer.js'
import { fusedStep } from '../updates/fused-step.js'
import { type BoundWeight, boundWeights } from './check-mask.js'
import { clearPruned, type HeldVariable, withoutPruned } from './held-variables.js'
import { leavesZeros } from './leaves-zeros.js'
import type { Mask } from './mask.js'

/**
 * Wraps an optimizer so that pruned weights are 0 after every step, whatever the optimizer does.
 *
 * Before the step the gradients of pruned weights become 0, so that they count in no norm and fill
 * no slot. After it the pruned weights are set to +0, since momentum, Adam or weight decay would
 * bring them back from older slots; a stock optimizer that is fresh when it is wrapped needs that
 * once, and again when other code wrote weights, which keeps a step nearly as fast as without a
 * mask. Works in `model.compile` with `model.fit`, and in own loops with `minimize` or
 * `applyGradients`. The model is not changed until the first step; apply the mask before with
 * {@link applyMask}. A model compiled with the wrapper is saved as if it was compiled with the
 * inner optimizer. Weights that the mask keeps whole cost nothing. After `registerWasmGradients` of
 * `tfjs-prune/backends/wasm`, or `registerCpuUpdates` of `tfjs-prune/backends/cpu`, a step of stock
 * SGD, momentum, Adam and RMSProp takes one pass over each weight, to the same bits.
 *
 * On the stock wasm backend, without `registerWasmGradients`, gradients are multiplied with the
 * mask: one that is NaN or infinite at a pruned place makes that weight NaN, and it may stay so.
 *
 * Stock centred RMSProp turns every weight whose gradients stay 0 into NaN. Here pruned weights are
 * safe from it, but not kept ones that no longer lead to an output: use another optimizer for
 * pruning.
 *
 * @param model The model whose variables the mask names. A mask alone does not say which variables
 *   it means, since tfjs makes their names unique per process.
 * @param optimizer Any tfjs optimizer; its slots may be old. Wrap clipping inside: the norm then
 *   counts kept weights only.
 * @param mask A mask that fits the model.
 * @returns The wrapper. `dispose()` frees its masks and the inner optimizer, `release()` its masks
 *   alone.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask, maskedOptimizer } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [4], useBias: false })] })
 * const mask = await computeMask(model, { density: 0.25 })
 * applyMask(model, mask)
 * model.compile({ optimizer: maskedOptimizer(model, train.adam(0.01), mask), loss: 'meanSquaredError' })
 * await model.fit(randomNormal([16, 4]), randomNormal([16, 4]), { epochs: 3, verbose: 0 })
 * const alive = model.getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (alive.length > 4) throw new Error('pruned weights came back')
 * ```
 */
export function maskedOptimizer(
  model: LayersModel,
  optimizer: Optimizer,
  mask: Mask,
): MaskedOptimizer {
  return holdWeights(optimizer, boundWeights(model, mask))
}

/** Wraps an optimizer so that the pruned ones of these weights are 0 after every step. */
export function holdWeights(optimizer: Optimizer, bound: readonly BoundWeight[]): MaskedOptimizer {
  const held = bound
    .filter(({ masked }) => masked.kept < masked.values.length)
    .map(({ masked: { values, shape }, weight: { variable } }) => {
      return { variable, mask: tensor(values, [...shape], 'bool') }
    })
  return new MaskedOptimizer(optimizer, held, !leavesZeros(optimizer))
}

/** How tfjs takes gradients, whatever is put in its place later. */
const stockGradients = /* @__PURE__ */ (() => Optimizer.prototype.computeGradients)()

/** A masked optimizer whose masks can be freed while the inner optimizer lives on. */
export class MaskedOptimizer extends OptimizerWrapper {
  #held: Map<string, HeldVariable> | undefined
  /** Pruned weights may move in the next step: they are set to 0 after it. */
  #moves = true
  #alwaysMoves: boolean
  /**
   * Steps of the inner optimizer that were held from its first on: its slots of pruned weights are
   * 0.
   */
  #steps = 0

  constructor(inner: Optimizer, held: readonly HeldVariable[], alwaysMoves: boolean) {
    super(inner)
    this.#held = new Map(held.map((entry) => [entry.variable.name, entry]))
    this.#alwaysMoves = alwaysMoves
  }

  override applyGradients(gradients: Gradients): void {
    this.#step(gradients, { owned: false })
  }

  /**
   * As in the base class; it disposes the gradients afterwards, so that they may be masked in
   * place.
   */
  override minimize(f: () => Scalar, returnCost = false, variables?: Variable[]): Scalar | null {
    const { value, grads } = this.computeGradients(this.#holding(f), variables)
    // The place in the list says which slots are meant: one without a gradient has its own.
    const all = variables?.map(({ name }) => [name, grads[name] ?? null])
    let isDone = false
    try {
      this.#step(all ? (Object.fromEntries(all) as Gradients) : grads, { owned: true })
      isDone = true
    } finally {
      dispose(grads)
      if (!isDone || !returnCost) value.dispose()
    }
    return returnCost ? value : null
  }

  /**
   * The same cost; its gradients are masked from the start. Not where they go through other hands
   * first: somebody may have put a `computeGradients` in the place of that of tfjs.
   */
  #holding(f: () => Scalar): () => Scalar {
    if (this.computeGradients !== stockGradients) return f
    return () => {
      noteHold(this.#held?.values() ?? [])
      return f()
    }
  }

  #step(gradients: Gradients, { owned }: { owned: boolean }): void {
    const held = this.#held
    if (!held)
      throw new Error(
        'Cannot apply gradients: expected a mask that is in use, got one whose round is over',
      )
    if (this.inner.iterations !== this.#steps) this.#moves = this.#alwaysMoves = true
    for (const { variable, settled } of held.values())
      if (variable.trainable && variable.dataId !== settled) this.#moves = true
    const masks = { held, settled: !this.#alwaysMoves }
    const done = fusedStep()?.(gradients, masks, ...ClippedOptimizer.unclip(this.inner))
    if (!done) tidy(() => this.inner.applyGradients(withoutPruned(gradients, held, owned)))
    this.#steps = this.inner.iterations
    // A layer may move what no optimizer trains, such as the moving mean of a normalisation.
    for (const [name, entry] of held)
      if (!done?.has(name) && (this.#moves || !entry.variable.trainable)) clearPruned(entry)
    this.#moves = this.#alwaysMoves
    for (const entry of held.values()) {
      entry.settled = entry.variable.dataId
      noteZeros(entry.variable, entry.mask)
    }
  }

  /**
   * Gives the inner optimizer other slots; from then on pruned weights are set to 0 after every
   * step.
   */
  override setWeights(...weights: Parameters<Optimizer['setWeights']>) {
    this.#moves = this.#alwaysMoves = true
    return super.setWeights(...weights)
  }

  /** Frees the masks; a later step is an error. */
  release(): void {
    for (const { mask } of this.#held?.values() ?? []) mask.dispose()
    this.#held = undefined
  }

  /** Frees the masks and the inner optimizer. */
  override dispose(): void {
    this.release()
    super.dispose()
  }
}
