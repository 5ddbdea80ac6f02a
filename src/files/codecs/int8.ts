import { sizeOf } from '../../internal/size-of.js'
import { alignedCopy, bytesOf, joined } from './bytes.js'
import { decodeInt8, encodeInt8 } from './channel-codes.js'
import type { ChannelLayout } from './channel-layout.js'
import { channelsOfOrder, countChannels } from './channels-of-order.js'
import type { Codec, Encoder } from './codec.js'

/** Bytes of the scale, which the steps of the channels follow. */
const SCALE = 4

/** Whole numbers of a byte with a step per output channel. The head is the scale and the steps. */
export const int8: Codec = {
  dtype: 'float32',
  bits: 8,
  width: 1,
  holds: 'finite values',
  fits: Number.isFinite,
  *decode({ head, body }, { kept, channels }, order) {
    const codes = new Int8Array(body.buffer, body.byteOffset, body.length)
    const scale = new Float32Array(yield* alignedCopy(head.subarray(0, SCALE)))[0]!
    const steps = head.subarray(SCALE)
    const places = yield* channelsOfOrder(order, kept, channels!)
    return (yield* decodeInt8({ codes, scale, steps }, places)).buffer
  },
  *headBytes({ kept, channels }, order) {
    return SCALE + (yield* countChannels(order, kept, channels!))
  },
  mostBytes: ({ kept, channels }) => SCALE + Math.min(kept, channels!.count) + kept,
  leastBytes: ({ kept }) => SCALE + 1 + kept,
  checkFields: ({ shape, channels }, demand) => {
    const divides = isLayout(channels) && sizeOf(shape) % (channels.stride * channels.count) === 0
    demand(divides, 'channels that divide the shape', channels)
  },
}

/** Chooses the scale of the weight and the step of each channel. */
export const int8Encoder: Encoder<Float32Array> = {
  *encode({ values, order, channels }) {
    const places = yield* channelsOfOrder(order, values.length, channels)
    const encoded = yield* encodeInt8(values, places)
    const scale = bytesOf(Float32Array.of(encoded.scale))
    return {
      head: yield* joined([scale, encoded.steps]),
      body: bytesOf(encoded.codes),
      fields: { channels },
    }
  },
}

function isLayout(layout: ChannelLayout | undefined): layout is ChannelLayout {
  const { stride, count } = layout ?? { stride: 0, count: 0 }
  return [stride, count].every((side) => Number.isInteger(side) && side > 0 && side < 2 ** 32)
}
