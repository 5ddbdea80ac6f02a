import { type ArtifactWeight, artifactWeights } from '../../artifacts/artifact-weights.js'
import { decodedValues } from '../../artifacts/decoded-values.js'
import type { WholeArtifacts } from '../../artifacts/read-artifacts.js'
import type { OpenedModel, SavedWeight } from './opened-model.js'

/** Opens artifacts; their data are read weight by weight. */
export function openArtifacts(artifacts: WholeArtifacts, task: string): Omit<OpenedModel, 'mask'> {
  const { weightData: _, weightSpecs: __, getWeightStream: ___, ...parts } = artifacts
  const all = artifactWeights(artifacts, task)
  const stored = new Map(all.map((weight) => [savedWeight(weight), weight]))
  return {
    parts,
    weights: [...stored.keys()],
    valuesOf: (weight) => decodedValues(stored.get(weight)!),
    quantised: (weight) => {
      const { spec, bytes } = stored.get(weight)!
      return spec.quantization && { spec, bytes: bytes() }
    },
    close: () => {},
  }
}

function savedWeight(weight: ArtifactWeight): SavedWeight {
  const { name, layer, role, shape, size, className, spec, use } = weight
  const byDefault = shape.length > 1 ? 'by default' : 'on request'
  // A graph also holds shapes, indices and constants of its arithmetic.
  const narrows = use === 'constant' ? 'never' : byDefault
  return { name, layer, role, shape, size, className, dtype: spec.dtype, savedName: name, narrows }
}
