import { engineOf } from '../engine/engine-of.js'
import { clear, gather, groupOf, groupsOf, scatter } from './batches.js'
import { loopsOf } from './loops.js'
import { type MaskedWork, type Places, withPlanesOf } from './masked-work.js'
import { byOutput, inputSide, outputSide } from './output-rows.js'
import { withWeights } from './with-weights.js'

/** y = the convolution of x with the filter + the bias; pruned weights are not read. */
export function convolveKept(work: MaskedWork, places: Places & { bias?: number }): void {
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
          bounds: 0,
        })
        scatter(loops, out, { ...part, images: places.y, at: y })
      }
    }),
  )
}
