import { floatsOf } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { clear, gather, groupOf, groupsOf } from './batches.js'
import { loopsOf } from './loops.js'
import { type MaskedWork, type Places, withPlanesOf } from './masked-work.js'
import { byOutput, inputSide, outputSide } from './output-rows.js'
import { withWeights } from './with-weights.js'

/** filter = the gradient of the filter at the kept places, 0 elsewhere; y is the gradient dy. */
export function filterGradientKept(work: MaskedWork, places: Places): void {
  const { backend, geometry, mask } = work
  const group = groupOf(geometry.batch)
  const { plane, blocks } = inputSide(work, group)
  const out = outputSide(work, group)
  const loops = loopsOf(engineOf(backend))
  const kept = byOutput(work, plane)
  withWeights(backend, kept, { each: 4 }, (weights) => {
    withPlanesOf(work, [plane, out], (x, y) => {
      for (const part of groupsOf(geometry.batch)) {
        if (part.lanes < group) {
          clear(backend, plane, x)
          clear(backend, out, y)
        }
        gather(loops, plane, { ...part, images: places.x, at: x })
        gather(loops, out, { ...part, images: places.y, at: y })
        const ends = { input: x * 4, output: y * 4, outRow: group * 4, bias: 0, bounds: 0 }
        loops.productGradient(blocks, { ...weights, ...ends })
      }
    })
    const heap = floatsOf(backend)
    heap.fill(0, places.filter, places.filter + mask.size)
    for (let i = 0; i < kept.places.length; i++) {
      const sum = weights.values / 4 + kept.entries[i]! * 4
      heap[places.filter + kept.places[i]!] =
        heap[sum]! + heap[sum + 1]! + (heap[sum + 2]! + heap[sum + 3]!)
    }
  })
}
