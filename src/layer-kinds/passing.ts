import { isElementwise } from './is-elementwise.js'
import type { LayerKind } from './layer-kind.js'

type Facts = Pick<LayerKind, 'passes' | 'stage' | 'closed' | 'probabilities'>

const kinds = (classNames: string, facts: Facts): LayerKind[] =>
  classNames.split(' ').map((className) => ({ className, weights: {}, outputs: ['in'], ...facts }))

const kept = { probabilities: 'kept' } as const
const unnormalised = { probabilities: 'unnormalised' } as const
const activation = { stage: 'activation' } as const

/** Layer classes without weights that hand their channels on. */
export const passing: readonly LayerKind[] = [
  ...kinds('ReLU LeakyReLU ELU', { ...activation, ...kept }),
  ...kinds('ThresholdedReLU', { ...activation, ...unnormalised }),
  ...kinds('Activation', {
    ...activation,
    closed: ({ activation }) =>
      isElementwise(activation) ? undefined : `${activation} looks at all channels`,
  }),
  ...kinds('Softmax', { ...activation, closed: () => 'Softmax may look at all channels' }),
  ...kinds('Dropout', {
    ...kept,
    stage: 'noise',
    closed: ({ noiseShape }) => {
      const side = (noiseShape as number[] | null | undefined)?.at(-1) ?? 1
      return side === 1 ? undefined : 'its noise has a fixed number of channels'
    },
  }),
  ...kinds('SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout', kept),
  ...kinds('MaxPooling1D MaxPooling2D MaxPooling3D', unnormalised),
  ...kinds('AveragePooling1D AveragePooling2D AveragePooling3D', kept),
  ...kinds('GlobalMaxPooling1D GlobalMaxPooling2D', unnormalised),
  ...kinds('GlobalAveragePooling1D GlobalAveragePooling2D', kept),
  ...kinds('ZeroPadding2D', unnormalised),
  ...kinds('Cropping2D UpSampling2D RepeatVector', kept),
  ...kinds('Add', { probabilities: 'lost' }),
  ...kinds('Average', kept),
  ...kinds('Multiply Maximum Minimum', unnormalised),
  ...kinds('Flatten Reshape', { ...kept, passes: 'order' }),
  ...kinds('Concatenate', { ...kept, passes: 'joined' }),
  ...kinds('Permute', {
    ...kept,
    closed: ({ dims }) => {
      const order = dims as number[]
      return order.at(-1) === order.length ? undefined : 'it moves the last axis'
    },
  }),
]
