import type { ChannelLayout } from './header.js'

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
