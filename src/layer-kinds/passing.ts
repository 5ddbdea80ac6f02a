import { isElementwise } from './is-elementwise.js'
import type { LayerKind } from './layer-kind.js'

type Facts = Pick<LayerKind, 'passes' | 'stage' | 'closed'>

const kinds = (classNames: readonly string[], facts: Facts = {}): LayerKind[] =>
  classNames.map((className) => ({ className, weights: {}, outputs: ['in'], ...facts }))

const MAX_POOLING = ['MaxPooling1D', 'MaxPooling2D', 'MaxPooling3D']
const AVERAGE_POOLING = ['AveragePooling1D', 'AveragePooling2D', 'AveragePooling3D']
const GLOBAL_MAX_POOLING = ['GlobalMaxPooling1D', 'GlobalMaxPooling2D']
const GLOBAL_AVERAGE_POOLING = ['GlobalAveragePooling1D', 'GlobalAveragePooling2D']

/** Layer classes without weights that hand their channels on. */
export const passing: readonly LayerKind[] = [
  ...kinds(['ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU'], { stage: 'activation' }),
  ...kinds(['Activation'], {
    stage: 'activation',
    closed: ({ activation }) =>
      isElementwise(activation) ? undefined : `${activation} looks at all channels`,
  }),
  ...kinds(['Softmax'], {
    stage: 'activation',
    closed: () => 'Softmax may look at all channels',
  }),
  ...kinds(['Dropout'], {
    stage: 'noise',
    closed: ({ noiseShape }) => {
      const side = (noiseShape as number[] | null | undefined)?.at(-1) ?? 1
      return side === 1 ? undefined : 'its noise has a fixed number of channels'
    },
  }),
  ...kinds(['SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout']),
  ...kinds([...MAX_POOLING, ...AVERAGE_POOLING, ...GLOBAL_MAX_POOLING, ...GLOBAL_AVERAGE_POOLING]),
  ...kinds(['ZeroPadding2D', 'Cropping2D', 'UpSampling2D', 'RepeatVector']),
  ...kinds(['Add', 'Average', 'Multiply', 'Maximum', 'Minimum']),
  ...kinds(['Flatten', 'Reshape'], { passes: 'order' }),
  ...kinds(['Concatenate'], { passes: 'joined' }),
  ...kinds(['Permute'], {
    closed: ({ dims }) => {
      const order = dims as number[]
      return order.at(-1) === order.length ? undefined : 'it moves the last axis'
    },
  }),
]
