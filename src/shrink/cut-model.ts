import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countParameters } from '../internal/model-weights.js'
import { rebuildModel } from '../layers/rebuild-model.js'
import { cutLayers } from './cut-layers.js'
import { cutWeights } from './cut-weights.js'
import { multiplyAdds } from './multiply-adds.js'
import { type KeptLayer, type Plan, planOf } from './plan.js'
import { type Comparison, checkSameOutputs } from './same-outputs.js'
import { type ShrunkLayer, shrunkLayers } from './shrunk-layers.js'

/** A figure of the model before and after. */
export interface BeforeAfter {
  readonly before: number
  readonly after: number
}

/** The outcome of {@link shrink}. */
export interface Shrunk {
  /** The smaller model, not compiled; the caller disposes it. */
  readonly model: LayersModel
  readonly parameters: BeforeAfter
  /** Dense multiply-adds for one sample, as {@link multiplyAdds} counts them. */
  readonly multiplyAdds: BeforeAfter
  /**
   * Units, filters, channels or dimensions of each layer that has some of its own, in the order of
   * computation.
   */
  readonly layers: readonly ShrunkLayer[]
  /** Layers that kept channels which might have gone, and why. */
  readonly kept: readonly KeptLayer[]
}

interface Cut extends Comparison {
  /** Shapes of the inputs, the batch included. */
  readonly shapes: readonly number[][]
}

/** Makes a smaller copy of a model, and throws if it does not compute the same. */
export async function cutModel(
  whole: LayersModel,
  { shapes, ...comparison }: Cut,
): Promise<Shrunk> {
  const plan = await planOf(whole, shapes)
  const small = rebuildModel(whole, cutLayers(plan), cutWeights(whole, plan))
  try {
    const what = 'the outputs of all layers'
    await checkSameOutputs(whole, small, { ...comparison, what, keptOf: plan.keptOf })
    if (small.stateful) small.resetStates()
    return await reportOf(whole, small, { plan, shapes })
  } catch (error) {
    small.dispose()
    throw error
  }
}

async function reportOf(
  whole: LayersModel,
  small: LayersModel,
  { plan, shapes }: { readonly plan: Plan; readonly shapes: readonly number[][] },
): Promise<Shrunk> {
  const options = { shapes: shapes.map((shape) => shape.slice(1)) }
  const [before, after] = [await multiplyAdds(whole, options), await multiplyAdds(small, options)]
  return {
    model: small,
    parameters: { before: countParameters(whole), after: countParameters(small) },
    multiplyAdds: { before: before.dense, after: after.dense },
    layers: shrunkLayers(plan),
    kept: plan.kept,
  }
}
