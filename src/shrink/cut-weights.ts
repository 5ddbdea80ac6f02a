import { add, gather, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { channelsOf } from '../internal/model-graph.js'
import { modelWeights } from '../internal/model-weights.js'
import type { Dimension } from '../layer-kinds/layer-kind.js'
import { kindWeight, layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { Renew } from '../layers/copy-state.js'
import type { Call } from './graph.js'
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
    const shift = own.use === 'shift' ? shifts.get(weight.layer) : undefined
    const source = sources.get(weight.name) ?? zeros([shift!.length])
    const channels = channelsIn(call, keptOf)
    const { axes } = layoutOf({ ...weight, shape: source.shape })
    const values = axes.reduce(
      (all, names, axis) => take(all, placesOf(names, all.shape[axis]!, channels), axis),
      source,
    )
    const { stay } = channels.get('out')!
    return shift ? add(values, tensor1d(Float32Array.from(stay, (unit) => shift[unit]!))) : values
  }
}

/** Places of a dimension, and those that stay. */
interface Places {
  readonly size: number
  readonly stay: readonly number[]
}

/** The dimensions whose places are channels of the call's input or output. */
function channelsIn(
  { inputs: [input], outputs: [output] }: Call,
  keptOf: Plan['keptOf'],
): ReadonlyMap<Dimension, Places> {
  const out = { size: channelsOf(output!), stay: keptOf(output!) }
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
