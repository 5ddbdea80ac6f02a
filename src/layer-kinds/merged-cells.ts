import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { type LayerCall, unitPlaces, unitsOf } from './layer-call.js'

/**
 * The outputs of a recurrent call, each with its channels that are 0, by the units of each
 * direction that put out 0: 1 a channel.
 */
export function mergedCells(
  call: LayerCall,
  silent: readonly Uint8Array[],
): Map<SymbolicTensor, Uint8Array> {
  const places = unitPlaces(call)
  const units = unitsOf(call)
  return new Map(
    call.outputs.map((tensor, output) => {
      const zero = new Uint8Array(Number(tensor.shape.at(-1)))
      for (let channel = 0; channel < zero.length; channel++) {
        const own = places.flatMap((place, worker) => {
          const unit = channel - place.offset
          return place.output === output && unit >= 0 && unit < units
            ? [silent[worker]![unit]!]
            : []
        })
        zero[channel] = call.mergeMode === 'mul' ? Math.max(...own) : Math.min(...own)
      }
      return [tensor, zero]
    }),
  )
}
