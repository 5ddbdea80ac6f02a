import type { Blocks } from '../../../sparse/kernels/kernels.js'
import type { Geometry } from '../convolution/geometry.js'
import { type WasmBackend, withScratch } from '../engine/backend.js'
import { clear, type Group, type Plane } from './batches.js'
import type { MaskData } from './mask-data.js'

/** A convolution, the mask of its filter, and the backend. */
export interface MaskedWork {
  readonly backend: WasmBackend
  readonly geometry: Geometry
  readonly mask: MaskData
}

/** Where tensors begin, as indices of floats. */
export interface Places {
  readonly x: number
  readonly filter: number
  readonly y: number
}

export const blocksOf = (
  group: Group,
  steps: Pick<Blocks, 'outer' | 'inner' | 'inOuter' | 'inInner' | 'outOuter' | 'outInner'>,
): Blocks => ({ size: group === 32 ? 'wide' : 'narrow', inHalf: 64, outHalf: 64, ...steps })

/** Runs `work` with room for two planes, the first of them 0. */
export function withPlanesOf(
  { backend }: MaskedWork,
  [from, to]: readonly [Plane, Plane],
  work: (from: number, to: number) => void,
): void {
  withScratch(backend, (from.size + to.size) * from.group + 16, (at) => {
    const aligned = Math.ceil(at / 16) * 16
    clear(backend, from, aligned)
    work(aligned, aligned + from.size * from.group)
  })
}
