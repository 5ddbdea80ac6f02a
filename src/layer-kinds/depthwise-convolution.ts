import type { LayerKind } from './layer-kind.js'

export const depthwiseConv2D: LayerKind = {
  className: 'DepthwiseConv2D',
  weights: {
    depthwise_kernel: {
      use: 'kernel',
      axes: ['in', 'multiple'],
      initializer: 'depthwiseInitializer',
    },
    bias: { use: 'shift', axes: [['in', 'multiple']], option: 'useBias' },
  },
  outputs: ['in', 'multiple'],
  sizes: { multiple: 'depthMultiplier' },
  window: 'gathers',
  ignoresDilation: true,
}
