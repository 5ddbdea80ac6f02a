import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { TrainingFacts } from '../../types.js'

/** All that a compiled training needs of the round. */
export type TrainingParts = Pick<TrainingFacts, 'kept' | 'optimizer' | 'clipNorm'> & {
  readonly model: LayersModel
}
