import { classNameOf } from '../internal/class-name.js'
import { wrappedLayers } from '../internal/wrapped-layers.js'
import type { KindWeight } from '../layer-kinds/layer-kind.js'
import { isTable } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { outputShapesOf, type WalkedCall } from './walk-calls.js'

type PlacedCall = Pick<WalkedCall, 'layer' | 'inputShapes' | 'outputShapes'>

/**
 * How often each element of a layer's kernels is multiplied for one sample; 0 for a layer that is
 * not known.
 */
export function positionsOf({ layer, inputShapes, outputShapes }: PlacedCall): number {
  const [input, output] = [inputShapes[0]!, outputShapes[0]!]
  const kind = registeredKind(classNameOf(layer))
  // A layer that is given a cell calls it once for each step.
  if (!kind) return 'cell' in layer ? input[1]! : 0
  if (!Object.values(kind.weights).some(multiplies)) return 0
  const { dataFormat, returnSequences } = layer.getConfig()
  const isFirst = dataFormat === 'channelsFirst'
  const sides = kind.recurrent && returnSequences ? [output[0]!, ...output.slice(2)] : output
  const places = product(placesOf(kind.window === 'spreads' ? input : sides, isFirst))
  return kind.recurrent ? input[1]! * places : places
}

/** Whether inputs are multiplied with the weight: a row of a table is only looked up. */
export function multiplies(weight: Pick<KindWeight, 'use' | 'axes'>): boolean {
  return weight.use === 'kernel' && !isTable(weight)
}

/** Sides of a shape but the batch and the channels. */
function placesOf(shape: readonly number[], isFirst: boolean): readonly number[] {
  return isFirst ? shape.slice(2) : shape.slice(1, -1)
}

function product(sides: readonly number[]): number {
  return sides.reduce((total, side) => total * side, 1)
}

/**
 * The call of the layer that a wrapper calls, once for each step of the time, or for each
 * direction.
 */
export function innerCalls(
  call: WalkedCall,
): { readonly call: WalkedCall; readonly times: number }[] {
  const { layer, inputShapes } = call
  const wrapped = wrappedLayers(layer)
  const inside = (inner: WalkedCall['layer'], shapes: number[][], times: number) => {
    const outputShapes = outputShapesOf(inner, shapes)
    return { call: { ...call, layer: inner, inputShapes: shapes, outputShapes }, times }
  }
  if (!wrapped) return []
  const { calls, inner: within } = wrapped
  if (calls === 'steps') {
    const [batch, steps, ...sides] = inputShapes[0]!
    return [inside(within[0], [[batch!, ...sides]], steps!)]
  }
  const shapes = inputShapes.slice(0, 1)
  return within.map((direction) => inside(direction, [...shapes], 1))
}
