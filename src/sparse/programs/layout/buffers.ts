/** A stretch of memory that is needed from one moment to another, both included. */
export interface Buffer {
  readonly bytes: number
  readonly first: number
  last: number
  /** Known once all buffers are. */
  address: number
}

/** Kernels may read a block beyond the end of a buffer. */
export const SLACK = 256

/** Places buffers so that those needed at the same moment lie apart; returns the bytes of all. */
export function planBuffers(buffers: readonly Buffer[]): number {
  const placed: Buffer[] = []
  let end = 0
  for (const buffer of [...buffers].sort((a, b) => b.bytes - a.bytes)) {
    buffer.address = firstGap(
      placed.filter(({ first, last }) => first <= buffer.last && last >= buffer.first),
      buffer.bytes,
    )
    end = Math.max(end, buffer.address + buffer.bytes)
    placed.push(buffer)
  }
  return end
}

function firstGap(others: readonly Buffer[], bytes: number): number {
  let at = 0
  for (const other of [...others].sort((a, b) => a.address - b.address)) {
    if (at + bytes <= other.address) break
    at = Math.max(at, other.address + other.bytes)
  }
  return at
}
