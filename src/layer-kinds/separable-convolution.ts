import type { LayerKind } from './layer-kind.js'

// tfjs leaves depthMultiplier out of the config: only the weights tell the number of multiples.
export const separableConv2D: LayerKind = {
  className: 'SeparableConv2D',
  weights: {
    depthwise_kernel: {
      use: 'kernel',
      axes: ['in', 'multiple'],
      makes: ['in', 'multiple'],
      initializer: 'depthwiseInitializer',
    },
    pointwise_kernel: {
      use: 'kernel',
      axes: [['in', 'multiple'], 'out'],
      initializer: 'pointwiseInitializer',
    },
    bias: { use: 'shift', axes: ['out'], option: 'useBias' },
  },
  sizes: { out: 'filters' },
  window: 'gathers',
  called: 'filters',
}
