import { padded } from '../convolution/geometry.js'
import { flatPlane, type Group, type Plane } from './batches.js'
import { type KeptWeights, keptWeights } from './kept-weights.js'
import { blocksOf, type MaskedWork } from './masked-work.js'

/** The inputs of a convolution with its padding around them, and the blocks that a filter meets. */
export function inputSide({ geometry }: MaskedWork, group: Group) {
  const { top, left, planeWidth, planeHeight, channels } = padded(geometry)
  const { inHeight, inWidth, outHeight, outWidth, outChannels } = geometry
  const pitch = planeWidth * channels
  const plane: Plane = {
    group,
    rows: inHeight,
    rowSize: inWidth * channels,
    before: top * pitch + left * channels,
    pitch,
    size: planeHeight * pitch,
  }
  const bytes = group * 4
  const blocks = blocksOf(group, {
    outer: outHeight,
    inner: outWidth,
    inOuter: geometry.strideHeight * pitch * bytes,
    inInner: geometry.strideWidth * channels * bytes,
    outOuter: outWidth * outChannels * bytes,
    outInner: outChannels * bytes,
  })
  return { plane, blocks }
}

/** The kept weights, a row for each output channel. */
export function byOutput(
  { backend, geometry, mask }: MaskedWork,
  { group, pitch }: Plane,
): KeptWeights {
  const { inChannels, outChannels, filterHeight, filterWidth } = geometry
  const { dilationHeight, dilationWidth } = geometry
  const bytes = group * 4
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth]
    const offset = row * dilationHeight * pitch + column * dilationWidth * inChannels
    return { tap, offset: offset * bytes, firstRow: 0 }
  })
  const ends = { inputs: inChannels, outputs: outChannels, rows: 'outputs' } as const
  return keptWeights(backend, mask, { ...ends, taps, channel: bytes })
}

export const outputSide = ({ geometry }: MaskedWork, group: Group): Plane =>
  flatPlane(group, geometry.outHeight * geometry.outWidth * geometry.outChannels)
