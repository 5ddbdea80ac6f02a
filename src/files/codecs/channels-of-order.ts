import { inPortions, type Work } from '../model/work.js'
import type { ChannelLayout } from './channel-layout.js'

/** Output channel of each survivor. */
export function* channelsOfOrder(
  order: Uint32Array | undefined,
  size: number,
  { stride, count }: ChannelLayout,
): Work<Uint32Array> {
  const channels = new Uint32Array(order?.length ?? size)
  yield* inPortions(channels.length, (from, to) => {
    for (let i = from; i < to; i++)
      channels[i] = Math.floor((order ? order[i]! : i) / stride) % count
  })
  return channels
}

/** Number of output channels that have survivors. */
export function* countChannels(
  order: Uint32Array | undefined,
  size: number,
  { stride, count }: ChannelLayout,
): Work<number> {
  const seen = new Uint8Array(count)
  let distinct = 0
  yield* inPortions(size, (from, to) => {
    for (let i = from; i < to; i++) {
      const channel = Math.floor((order ? order[i]! : i) / stride) % count
      distinct += 1 - seen[channel]!
      seen[channel] = 1
    }
  })
  return distinct
}
