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
  builder.emit(() => {
    const first = to.buffer.address + channel * to.plane * 4
    const places =
      from.pitch === to.pitch && from.plane === to.plane
        ? [wholeCopy(from, first)]
        : Array.from({ length: height }, (_, y) => ({
            from: from.buffer.address + y * from.pitch * 4,
            to: first + y * to.pitch * 4,
            ...{ rows: channels, length: width * 4 },
            ...{ fromStep: from.plane * 4, toStep: to.plane * 4 },
          }))
    return () => {
      for (const place of places) builder.kernels.copyRows(place)
    }
  })
}

function wholeCopy({ buffer, channels, plane }: Planes, to: number) {
  const length = channels * plane * 4
  return { from: buffer.address, to, rows: 1, length, fromStep: length, toStep: length }
}
