import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { type ModelWeight, visitLayers } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import type { Statistic } from '../types.js'
import { normScale } from './batch-norm-scale.js'
import { checkOwnOutputs } from './check-own-outputs.js'
import { checkFlow } from './flow.js'
import { checkInputs } from './layer-inputs.js'
import type { FullNeed } from './needs.js'

type Check = (model: LayersModel, weights: readonly ModelWeight[]) => void

/** Throws unless each weight can have the statistics that are needed of it. */
export function checkNeeds(
  model: LayersModel,
  {
    needs,
    weights,
  }: { readonly needs: readonly FullNeed[]; readonly weights: readonly ModelWeight[] },
): void {
  for (const statistic of new Set(needs.map((need) => need.statistic)))
    CHECKS[statistic]?.(model, weights)
}

const each =
  (check: (weight: ModelWeight, model: LayersModel) => void): Check =>
  (model, weights) => {
    for (const weight of weights) check(weight, model)
  }

const CHECKS: Partial<Record<Statistic, Check>> = {
  flow: checkFlow,
  batchNormScale: each((weight, model) => normScale(model, weight)),
  inputNorm: each((weight) => checkInputs(weight, 'inputNorm')),
  inputProducts: each((weight) => checkInputs(weight, 'inputProducts')),
  zeroShare: checkZeros,
}

function checkZeros(model: LayersModel, weights: readonly ModelWeight[]): void {
  const merged = new Set<unknown>()
  visitLayers(model.layers, { prefix: '', frozen: false }, (layer) => {
    const { forwardLayer, backwardLayer } = layer as layers.Layer & Directions
    merged.add(forwardLayer).add(backwardLayer)
  })
  for (const weight of weights) {
    const size = unitAxes(weight).reduce((product, axis) => product * weight.shape[axis]!, 1)
    const isMerged = merged.has(weight.owner)
    checkOwnOutputs(weight, { isMerged, units: size / layoutOf(weight).gates, size })
  }
}

interface Directions {
  readonly forwardLayer?: layers.Layer
  readonly backwardLayer?: layers.Layer
}
