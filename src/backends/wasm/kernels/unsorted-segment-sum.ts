import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import { floatsOf, indexOf, type Kernel, zeros } from '../engine/backend.js'

/**
 * UnsortedSegmentSum: out[s] = sum of x[i] over the i with segmentIds[i] = s. Ids outside of the
 * segments are left out.
 */
export const unsortedSegmentSum: Kernel = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', TensorInfo>
  const segments = attrs.numSegments as number
  const rank = segmentIds.shape.length
  if (segmentIds.shape.some((length, axis) => length !== x.shape[axis])) {
    const wanted = `a shape that begins like x's [${x.shape}]`
    throw new TypeError(
      `Cannot run UnsortedSegmentSum on wasm: expected segment ids of ${wanted}, got [${segmentIds.shape}]`,
    )
  }
  const inner = x.shape.slice(rank)
  const out = zeros(backend, [segments, ...inner])
  const [from, ids, to] = [indexOf(backend, x), indexOf(backend, segmentIds), indexOf(backend, out)]
  const heap = floatsOf(backend)
  const values = x.dtype === 'int32' ? new Int32Array(heap.buffer) : heap
  const whole = new Int32Array(heap.buffer)
  const size = util.sizeFromShape(inner)
  for (let row = 0; row < util.sizeFromShape(segmentIds.shape); row++) {
    const segment = whole[ids + row]!
    if (segment < 0 || segment >= segments) continue
    for (let i = 0; i < size; i++) heap[to + segment * size + i]! += values[from + row * size + i]!
  }
  return out
}
