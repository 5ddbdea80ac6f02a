import { io } from '@tensorflow/tfjs-core'
import { type ArtifactWeight, artifactWeights } from '../../artifacts/artifact-weights.js'
import type { WholeArtifacts } from '../../artifacts/read-artifacts.js'
import type { Elements } from './elements.js'
import type { OpenedModel, SavedWeight } from './opened-model.js'

/** Opens artifacts; their data are read weight by weight. */
export function openArtifacts(artifacts: WholeArtifacts, task: string): Omit<OpenedModel, 'mask'> {
  const { weightData: _, weightSpecs: __, getWeightStream: ___, ...parts } = artifacts
  const all = artifactWeights(artifacts, task)
  const stored = new Map(all.map((weight) => [savedWeight(weight), weight]))
  return {
    parts,
    weights: [...stored.keys()],
    valuesOf: (weight) => elementsOf(stored.get(weight)!),
    quantised: (weight) => {
      const { spec, bytes } = stored.get(weight)!
      return spec.quantization && { spec, bytes: bytes() }
    },
    close: () => {},
  }
}

function savedWeight(weight: ArtifactWeight): SavedWeight {
  const { name, layer, role, shape, size, className, spec, isKernel } = weight
  const byDefault = shape.length > 1 ? 'by default' : 'on request'
  // A graph also holds shapes, indices and constants of its arithmetic.
  const narrows = isKernel === false && className === '' ? 'never' : byDefault
  return { name, layer, role, shape, size, className, dtype: spec.dtype, savedName: name, narrows }
}

/** The elements of a weight, decoded as stock tfjs does it. */
async function elementsOf({ spec, bytes }: ArtifactWeight): Promise<Elements> {
  if (spec.dtype === 'string') return new Uint8Array(bytes())
  const tensor = io.decodeWeights(bytes(), [spec])[spec.name]!
  try {
    return ((await tensor.data()) as Elements).slice()
  } finally {
    tensor.dispose()
  }
}
