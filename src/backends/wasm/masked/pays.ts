import { type Geometry, padded } from '../convolution/geometry.js'
import { groupOf } from './batches.js'

/** Whether a product is faster without its pruned weights. */
export type Pays = (geometry: Geometry, kept: number) => boolean

// Nanoseconds, measured on one core at 2.1 GHz: only their ratios matter.
/** A multiplication of a dense product. */
const DENSE = 0.07
/** A kept weight at a pixel, for a group of 16 images or of 32. */
const KEPT = { 16: 1.8, 32: 3.4 }
/** A kept weight that is looked up or written. */
const WEIGHT = 10
/** A value of an image that changes its place. */
const MOVED = 1.3
const CALL = 2000

/** Floats of images that a call may take beside the tensors: 128 MB. */
const ROOM = 2 ** 25

/** Dense products take the time of all weights; others that of the kept ones, and moves. */
export const pays: Pays = (geometry, kept) => {
  const { batch, inChannels, outChannels, outHeight, outWidth } = geometry
  const { filterHeight, filterWidth } = geometry
  const { planeHeight, planeWidth } = padded(geometry)
  const pixels = outHeight * outWidth
  const group = groupOf(batch)
  const values = planeHeight * planeWidth * inChannels + pixels * outChannels
  if (values * group > ROOM) return false
  const lanes = Math.ceil(batch / group)
  const products = batch * pixels * filterHeight * filterWidth * inChannels * outChannels
  const ours = kept * (lanes * pixels * KEPT[group] + WEIGHT) + values * batch * MOVED + CALL
  return ours < products * DENSE
}
