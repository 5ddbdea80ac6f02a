import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { registeredKind } from './registered-kinds.js'

/** How a kernel moves over a tensor, one number per spatial axis. */
export interface Window {
  readonly kernelSize: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: 'same' | 'valid'
}

/** The window of a convolution. */
export function windowOf(owner: layers.Layer): Window {
  const config = owner.getConfig() as unknown as WindowOptions
  const { kernelSize, strides, dilationRate, padding } = config
  const { ignoresDilation } = registeredKind(classNameOf(owner)) ?? {}
  const list = (value: number | readonly number[]) =>
    typeof value === 'number' ? kernelSize.map(() => value) : value
  return {
    kernelSize,
    strides: list(strides),
    dilations: list(ignoresDilation ? 1 : (dilationRate ?? 1)),
    padding,
  }
}

interface WindowOptions extends Pick<Window, 'kernelSize' | 'padding'> {
  readonly strides: number | readonly number[]
  readonly dilationRate?: number | readonly number[]
}
