import { batchNormalization } from './batch-normalization.js'
import { conv1D, conv2D, conv3D } from './convolution.js'
import { dense } from './dense.js'
import { depthwiseConv2D } from './depthwise-convolution.js'
import { embedding } from './embedding.js'
import type { LayerKind } from './layer-kind.js'
import { layerNormalization } from './layer-normalization.js'
import { prelu } from './prelu.js'
import { convLSTM2D, gru, lstm, simpleRNN } from './recurrent.js'
import { separableConv2D } from './separable-convolution.js'
import { conv2DTranspose, conv3DTranspose } from './transposed-convolution.js'

/** The layer classes of tfjs that have weights, one line each. */
export const stockKinds: readonly LayerKind[] = [
  dense,
  conv1D,
  conv2D,
  conv3D,
  conv2DTranspose,
  conv3DTranspose,
  depthwiseConv2D,
  separableConv2D,
  simpleRNN,
  gru,
  lstm,
  convLSTM2D,
  embedding,
  batchNormalization,
  layerNormalization,
  prelu,
]
