import type { Builder } from './builder.js'
import type { Planes } from './layouts.js'

/** Planes with the rows and channels as far apart as those of others: a copy if need be. */
export function repitched(
  builder: Builder,
  from: Planes,
  like: Pick<Planes, 'pitch' | 'plane'>,
): Planes {
  if (from.pitch === like.pitch && from.plane === like.plane) return from
  const { pitch, plane } = like
  const buffer = builder.room(from.channels * plane)
  const to = { ...from, buffer, pitch, plane }
  emitPlaneCopy(builder, from, to, 0)
  return to
}

/** Copies planes to those of others, channels from `channel` on. */
export function emitPlaneCopy(builder: Builder, from: Planes, to: Planes, channel: number): void {
  const { height, width, channels } = from
  builder.keep(from.buffer)
  // Planes that lie alike are one run.
  const isAlike = from.pitch === to.pitch && from.plane === to.plane
  const [planes, rows, length] = isAlike ? [1, 1, channels * from.plane] : [channels, height, width]
  builder.emit(() => {
    const places = {
      ...{ planes, rows, length: length * 4, from: from.buffer.address },
      to: to.buffer.address + channel * to.plane * 4,
      ...{ fromStep: from.pitch * 4, toStep: to.pitch * 4 },
      ...{ fromPlane: from.plane * 4, toPlane: to.plane * 4 },
    }
    return () => builder.kernels.copyRows(places)
  })
}
