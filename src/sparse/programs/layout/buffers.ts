/** A stretch of memory that is needed from one moment to another, both included. */
export interface Buffer {
  readonly bytes: number
  readonly first: number
  last: number
  /** From the first place of all; known once all buffers are. */
  place: number
  /** The address of the place in the copy in hand. */
  address: number
}

/** Kernels may read a block beyond the end of a buffer. */
export const SLACK = 256

/** Places buffers so that those needed at the same moment lie apart; returns the bytes of all. */
export function planBuffers(buffers: readonly Buffer[]): number {
  const placed: Placed[] = []
  let end = 0
  for (const buffer of [...buffers].sort((a, b) => b.bytes - a.bytes)) {
    const { first, last, bytes } = buffer
    const others = placed.filter(({ buffer }) => buffer.first <= last && buffer.last >= first)
    const place = firstGap(others, bytes)
    buffer.place = place
    end = Math.max(end, place + bytes)
    placed.push({ buffer, place })
  }
  return end
}

interface Placed {
  readonly buffer: Buffer
  readonly place: number
}

function firstGap(others: readonly Placed[], bytes: number): number {
  let at = 0
  for (const { place, buffer } of [...others].sort((a, b) => a.place - b.place)) {
    if (at + bytes <= place) break
    at = Math.max(at, place + buffer.bytes)
  }
  return at
}
