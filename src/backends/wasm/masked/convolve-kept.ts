import { floatsOf, withScratch } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { clear, gather, groupOf, groupsOf, scatter } from './batches.js'
import { loopsOf } from './loops.js'
import { type MaskedWork, type Places, withPlanesOf } from './masked-work.js'
import { byOutput, inputSide, outputSide } from './output-rows.js'
import { withWeights } from './with-weights.js'

/** Least and largest value of an output: what an activation makes of others. */
export type Bounds = readonly [least: number, most: number]

interface ForwardPlaces extends Places {
  readonly bias?: number
}

/**
 * y = the convolution of x with the filter + the bias, between the bounds; pruned weights are not
 * read.
 */
export function convolveKept(work: MaskedWork, places: ForwardPlaces, bounds?: Bounds): void {
  if (!bounds) {
    convolveBetween(work, places, 0)
    return
  }
  withScratch(work.backend, 2, (at) => {
    floatsOf(work.backend).set(bounds, at)
    convolveBetween(work, places, at)
  })
}

function convolveBetween(work: MaskedWork, places: ForwardPlaces, bounds: number): void {
  const { backend, geometry } = work
  const group = groupOf(geometry.batch)
  const { plane, blocks } = inputSide(work, group)
  const out = outputSide(work, group)
  const loops = loopsOf(engineOf(backend))
  withWeights(backend, byOutput(work, plane), { filter: places.filter }, (weights) =>
    withPlanesOf(work, [plane, out], (x, y) => {
      for (const part of groupsOf(geometry.batch)) {
        if (part.first > 0 && part.lanes < group) clear(backend, plane, x)
        gather(loops, plane, { ...part, images: places.x, at: x })
        loops.product(blocks, {
          ...weights,
          input: x * 4,
          output: y * 4,
          outRow: group * 4,
          bias: (places.bias ?? 0) * 4,
          bounds: bounds * 4,
        })
        scatter(loops, out, { ...part, images: places.y, at: y })
      }
    }),
  )
}
