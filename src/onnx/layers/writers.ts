import { activationWriters } from './activations.js'
import { batchNormalizationWriters } from './batch-normalization.js'
import { centerCropWriters } from './center-crop.js'
import { convolutionWriters } from './convolutions.js'
import { denseWriters } from './dense.js'
import { imageWriters } from './image-layers.js'
import type { LayerWriter } from './layer-writer.js'
import { mergingWriters } from './merging.js'
import { poolingWriters } from './pooling.js'
import { refusingWriters } from './refused.js'
import { sequenceWriters } from './sequence-layers.js'
import { shapeWriters } from './shapes.js'
import { timeDistributed } from './time-distributed.js'

const writers: Readonly<Record<string, LayerWriter>> = {
  ...denseWriters,
  ...convolutionWriters,
  ...poolingWriters,
  ...batchNormalizationWriters,
  ...activationWriters,
  ...imageWriters,
  ...centerCropWriters,
  ...mergingWriters,
  ...shapeWriters,
  ...sequenceWriters,
  ...refusingWriters,
  TimeDistributed: timeDistributed(writerOf),
}

/** The writer of a class; undefined for a class that ONNX is not taught. */
export function writerOf(className: string): LayerWriter | undefined {
  return Object.hasOwn(writers, className) ? writers[className] : undefined
}
