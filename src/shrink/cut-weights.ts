import { add, gather, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { modelWeights } from '../internal/model-weights.js'
import type { Dimension } from '../layer-kinds/layer-kind.js'
import { kindWeight, layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { Renew } from '../layers/copy-state.js'
import type { Call } from './graph.js'
import { ownUnits, type Places } from './own-channels.js'
import type { Plan } from './plan.js'

/** Gives the weights of the new model the part of the old ones that stays. */
export function cutWeights(model: LayersModel, { understood, keptOf, shifts }: Plan): Renew {
  const sources = new Map(
    modelWeights(model).map((weight) => [weight.name, weight.variable as Tensor]),
  )
  return (weight) => {
    const call = understood.get(weight.layer)
    const own = kindWeight(registeredKind(weight.className), weight.role)
    if (!call || !own) return undefined
    const source = sources.get(weight.name)
    // The bias is new, and another direction is the reason.
    const shift = own.use === 'shift' ? shifts.get(weight.layer) : undefined
    if (!source && !shift) return zeros(weight.shape as number[])
    const channels = channelsIn(call, keptOf)
    const shape = source?.shape ?? [shift!.length]
    const { axes } = layoutOf({ ...weight, shape })
    const whole = shift ? add(source ?? zeros(shape), inOrder(shift, axes[0]!, channels)) : source!
    return axes.reduce(
      (all, names, axis) => take(all, placesOf(names, all.shape[axis]!, channels), axis),
      whole as Tensor,
    )
  }
}

/** A shift gate by gate as the bias lies in memory. */
function inOrder(
  shift: Float64Array,
  names: readonly Dimension[],
  channels: ReadonlyMap<Dimension, Places>,
): Tensor {
  const units = channels.get('out')!.size
  const gates = shift.length / units
  const isOutFirst = names[0] === 'out'
  return tensor1d(
    Float32Array.from(shift, (own, i) =>
      isOutFirst ? shift[(i % gates) * units + Math.floor(i / gates)]! : own,
    ),
  )
}

/** The dimensions whose places are channels of the call's input or output. */
function channelsIn(call: Call, keptOf: Plan['keptOf']): ReadonlyMap<Dimension, Places> {
  const [input] = call.inputs
  const out = ownUnits(call, keptOf)
  return new Map<Dimension, Places>([
    ['in', { size: channelsOf(input!), stay: keptOf(input!) }],
    ['out', out],
    ['state', out],
  ])
}

/** Places that stay along an axis: all of those that belong to no channels. */
function placesOf(
  names: readonly Dimension[],
  side: number,
  channels: ReadonlyMap<Dimension, Places>,
): readonly number[] {
  const known = names.reduce((product, name) => product * (channels.get(name)?.size ?? 1), 1)
  const others = allOf(side / known)
  // A side of 1 is shared by all channels.
  if (names.length === 0 || side % known !== 0) return allOf(side).stay
  return names.reduce<readonly number[]>(
    (places, name) => {
      const { size, stay } = channels.get(name) ?? others
      return places.flatMap((place) => stay.map((own) => place * size + own))
    },
    [0],
  )
}

function allOf(size: number): Places {
  return { size, stay: Array.from({ length: size }, (_, place) => place) }
}

function take(values: Tensor, indices: readonly number[], axis: number): Tensor {
  if (indices.length === values.shape[axis]) return values
  // The sum is a new tensor: wasm remembers the answer of gather by a shape of four axes, and would
  // refuse it as a bias.
  return add(gather(values, tensor1d([...indices], 'int32'), axis), 0)
}
