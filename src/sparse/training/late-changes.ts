import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Parameter, TrainingNetwork } from './reading/read-training.js'

/** Watches the weights of a model whose training goes on elsewhere. */
export interface LateChanges {
  /** Throws a RangeError where anybody has changed a weight: the next save would undo it. */
  readonly refuse: () => void
  /**
   * The weights that were changed since they were last seen. Throws a RangeError if one of them is
   * frozen, or if other layers are: the network was made for those.
   */
  readonly take: () => readonly Parameter[]
  /** Takes note of a weight as it is. */
  readonly see: (parameter: Parameter) => void
}

export function lateChanges(
  model: LayersModel,
  { network, parameters }: Pick<TrainingNetwork, 'network' | 'parameters'>,
): LateChanges {
  const known = new Map(parameters.map(({ variable }) => [variable, variable.dataId]))
  const isLate = ({ variable }: Parameter) => known.get(variable) !== variable.dataId
  const moving = new Set(
    network.steps.flatMap(({ operation }) =>
      operation.kind === 'normalise' ? [operation.norm.mean, operation.norm.variance] : [],
    ),
  )
  const trainedNow = () => model.trainableWeights.map((weight) => weight.read().id).join()
  const trained = trainedNow()
  return {
    refuse: () => {
      const late = parameters.find(isLate)
      if (late) throw changed('weights that nobody changes within an epoch', nameOf(late))
    },
    take: () => {
      if (trainedNow() !== trained)
        throw changed('layers that stay trained or frozen', 'other flags `trainable`')
      const late = parameters.filter(isLate)
      const fixed = late.find(({ trainable, values }) => !trainable && !moving.has(values))
      if (fixed) throw changed('frozen weights that stay as they are', nameOf(fixed))
      return late
    },
    see: ({ variable }) => known.set(variable, variable.dataId),
  }
}

const nameOf = ({ variable }: Parameter) => `another ${variable.name}`

const changed = (wanted: string, got: string) =>
  new RangeError(
    `Cannot train a sparse network: expected ${wanted}, got ${got}. Leave out the engine.`,
  )
