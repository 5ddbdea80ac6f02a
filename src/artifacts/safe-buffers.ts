import { joinedBuffers } from './joined-buffers.js'

/**
 * Buffers of which stock tfjs cuts each weight out as it is: the given ones, or all their bytes in
 * one. `io.decodeWeights` gives zeros for the middle of a last buffer that is longer than the
 * others.
 */
export function safeBuffers(buffers: readonly ArrayBuffer[]): ArrayBuffer[] {
  const [first, last] = [buffers[0], buffers.at(-1)]
  const isLonger = first && last && last.byteLength > first.byteLength
  return isLonger ? [joinedBuffers(buffers)] : [...buffers]
}
