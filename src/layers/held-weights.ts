import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import type { HeldWeight } from './compute-masked.js'
import { isMaskingLayer } from './masking-class.js'

/** The weights of a model that masking layers hold, with their places, in the model's order. */
export function heldWeights(model: LayersModel): (ModelWeight & HeldWeight)[] {
  return modelWeights(model).flatMap((weight) => {
    const held = heldIn(weight).find((candidate) => candidate.weight.read() === weight.variable)
    return held ? [{ ...weight, ...held }] : []
  })
}

/** Whether the weight is the mask of another one. */
export function isMaskWeight(weight: ModelWeight): boolean {
  return heldIn(weight).some(({ mask }) => mask.read() === weight.variable)
}

function heldIn({ owner }: ModelWeight): readonly HeldWeight[] {
  return isMaskingLayer(owner) ? owner.heldWeights : []
}
