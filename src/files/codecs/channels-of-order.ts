import type { ChannelLayout } from './channel-layout.js'

/** Output channel of each survivor. */
export function channelsOfOrder(
  order: Uint32Array | undefined,
  size: number,
  { stride, count }: ChannelLayout,
): Uint32Array {
  const channels = order ? order.slice() : new Uint32Array(size)
  for (let i = 0; i < channels.length; i++)
    channels[i] = Math.floor((order ? order[i]! : i) / stride) % count
  return channels
}

/** Number of output channels that have survivors. */
export function countChannels(
  order: Uint32Array | undefined,
  size: number,
  { stride, count }: ChannelLayout,
): number {
  const seen = new Uint8Array(count)
  let distinct = 0
  for (let i = 0; i < size; i++) {
    const channel = Math.floor((order ? order[i]! : i) / stride) % count
    distinct += 1 - seen[channel]!
    seen[channel] = 1
  }
  return distinct
}
