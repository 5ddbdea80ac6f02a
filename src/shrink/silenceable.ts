import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { deadUnits } from '../granularity/dead-units.js'
import { ZERO } from '../granularity/silence-call.js'
import { silentChannels } from '../granularity/silent-channels.js'
import { modelWeights } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'

/** States of a tensor's channels if `wholeUnits` had seen the kernels that are 0. */
export type WouldBeZero = (tensor: SymbolicTensor, channel: number) => boolean

/** Finds the channels that a mask of `wholeUnits` would make 0, by the kernels of a model. */
export async function silenceable(model: LayersModel): Promise<WouldBeZero> {
  const all = modelWeights(model)
  const kernels = all.filter((weight) => layoutOf(weight).use === 'kernel')
  const left = await Promise.all(
    kernels.map(async (weight) => {
      const values = Uint8Array.from(await weight.variable.data(), (value) => (value === 0 ? 0 : 1))
      return { weight, values }
    }),
  )
  const { states } = silentChannels(model, all, deadUnits(all, left))
  return (tensor, channel) => states.get(tensor)?.[channel] === ZERO
}
