import { type Tensor, transpose } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'

/** Images with the channels along the last axis. */
export function channelsLast(owner: layers.Layer, images: Tensor): Tensor {
  if (owner.getConfig().dataFormat !== 'channelsFirst') return images
  const [samples, channels, ...places] = images.shape.map((_, axis) => axis)
  return transpose(images, [samples!, ...places, channels!])
}
