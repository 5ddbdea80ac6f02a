import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type EvaluateArtifacts,
  type MeasuredSource,
  measuredArtifacts,
} from '../../artifacts/measured-artifacts.js'
import {
  type ArtifactSource,
  isLayersModel,
  type ModelSource,
} from '../../artifacts/model-source.js'
import type { Evaluate, Evaluation } from '../../types.js'
import type { StoredModel } from './stored-model.js'
import { keepingWeights, withStored } from './with-stored.js'

/** Measures a model of a source: as `evaluateOn` does for layers, or a function of one's own. */
export type EvaluateSource<S extends ModelSource> = S extends LayersModel
  ? Evaluate
  : EvaluateArtifacts<Exclude<S, LayersModel>>

/** A source that can be measured as it stands, and with the weights that a file gives back. */
export interface MeasuredFiles extends Pick<MeasuredSource, 'original'> {
  readonly stored: (model: StoredModel) => Promise<Evaluation>
}

/** The ways to measure a source. */
export function measuredSource<S extends ModelSource>(
  source: S,
  evaluate: EvaluateSource<S>,
  task: string,
): MeasuredFiles {
  if (!isLayersModel(source)) {
    const own = evaluate as EvaluateArtifacts<ArtifactSource>
    const { original, loaded } = measuredArtifacts<ArtifactSource>(source, own, task)
    return { original, stored: ({ load }) => loaded(load) }
  }
  const ofLayers = evaluate as Evaluate
  const measure = async () => ofLayers(source)
  const checked = async () => {
    await ofLayers.check?.(source)
    return measure()
  }
  return {
    original: () => keepingWeights(source, checked),
    stored: (stored) => withStored(source, stored, measure),
  }
}
