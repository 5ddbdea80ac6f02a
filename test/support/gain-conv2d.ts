import { add, conv2d, mul, serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, type layers } from '@tensorflow/tfjs-layers'
import type { LayerKind } from '../../src/layer-kinds/layer-kind.js'

type Layer = layers.Layer

interface Conv2DParts {
  readonly filters: number
  readonly kernel: LayerVariable
  readonly bias: LayerVariable
  readonly strides: [number, number]
  readonly padding: 'same' | 'valid'
}

type Conv2DClass = new (args: object) => Layer & Conv2DParts
const Conv2D = serialization.SerializationMap.getMap().classNameMap
  .Conv2D![0] as unknown as Conv2DClass

/** A convolution whose filters are multiplied with a learned gain each, before the bias. */
export class GainConv2D extends Conv2D {
  static className = 'GainConv2D'
  #gain: LayerVariable | undefined

  override build(shape: Parameters<Layer['build']>[0]): void {
    super.build(shape)
    this.#gain = this.addWeight('gain', [this.filters], 'float32', initializers.ones())
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const images = [inputs].flat()[0]!
      const { kernel, strides, padding, bias } = this
      const found = conv2d(images as never, kernel.read() as never, strides, padding)
      return add(mul(found, this.#gain!.read()), bias.read())
    })
  }
}

/** The facts of {@link GainConv2D}. */
export const gainConv2D: LayerKind = {
  className: 'GainConv2D',
  weights: {
    kernel: { use: 'kernel', axes: ['in', 'out'] },
    gain: { use: 'scale', axes: ['out'] },
    bias: { use: 'shift', axes: ['out'], option: 'useBias' },
  },
  sizes: { out: 'filters' },
  window: 'gathers',
  called: 'filters',
}
