import { type io, util } from '@tensorflow/tfjs-core'
import { kindWeight } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { SelectableWeight } from '../select/selector.js'
import { checkGraph } from './check-graph.js'
import { unreadableKeras } from './check-keras.js'
import { isGraph } from './graph-node.js'
import { graphRoles } from './graph-roles.js'
import { layerClasses, layerPlace } from './layer-classes.js'
import type { WholeArtifacts } from './read-artifacts.js'
import { type StoredWeight, storedWeights } from './stored-weights.js'

/**
 * The part of a weight in its model: operations or layers multiply with a kernel or look up in it;
 * a constant is any other weight of a graph, such as a shape, a bias or a factor; `other` is one of
 * a layer. Without a topology nothing is known.
 */
export type ArtifactUse = 'kernel' | 'constant' | 'other' | 'unknown'

/** A weight of artifacts. */
export interface ArtifactWeight extends SelectableWeight {
  readonly spec: io.WeightsManifestEntry
  /** As it is stored, whatever its type. */
  readonly bytes: () => ArrayBuffer
  readonly use: ArtifactUse
}

/**
 * The weights of artifacts in their order, with their places. Those of an optimizer are left out.
 *
 * Throws a RangeError where the data are shorter or longer than the list says, a name occurs twice,
 * or tfjs cannot read the topology; a TypeError where the list or a node of a graph is broken.
 */
export function artifactWeights(artifacts: WholeArtifacts, task: string): ArtifactWeight[] {
  const unreadable = unreadableKeras(artifacts.modelTopology)
  if (unreadable)
    throw new RangeError(`Cannot ${task}: expected a model that tfjs reads, got ${unreadable}`)
  checkGraph(artifacts.modelTopology, task)
  const stored = storedWeights(artifacts, task)
  const placeOf = placesIn(artifacts, stored)
  return stored.map(({ spec, bytes }) => {
    const { name, shape, dtype } = spec
    const isText = dtype === 'string'
    const size = isText ? bytes().byteLength : util.sizeFromShape([...shape])
    return { name, shape, size, spec, bytes, ...placeOf(name) }
  })
}

type Place = Pick<ArtifactWeight, 'layer' | 'role' | 'className' | 'use'>

/** The way to find the place of a weight: by the operations of a graph, or by the layers. */
function placesIn(
  { modelTopology }: WholeArtifacts,
  stored: readonly StoredWeight[],
): (name: string) => Place {
  if (!isGraph(modelTopology)) {
    const classes = layerClasses(modelTopology)
    return (name) => {
      const place = layerPlace(name, classes)
      if (classes.size === 0) return { ...place, use: 'unknown' }
      const kind = registeredKind(place.className)
      const isKernel = kindWeight(kind, place.role)?.use === 'kernel'
      return { ...place, use: isKernel ? 'kernel' : 'other' }
    }
  }
  const byName = new Map(stored.map((weight) => [weight.spec.name, weight]))
  const axisOf = (name: string) => {
    const { spec, bytes } = byName.get(name)!
    const isScalar = spec.dtype === 'int32' && !spec.quantization && spec.shape.length === 0
    return isScalar ? new DataView(bytes()).getInt32(0, true) : undefined
  }
  const roles = graphRoles(modelTopology, new Set(byName.keys()), axisOf)
  return (name) => {
    const role = roles.get(name)
    // A table of single numbers holds factors or thresholds; one of words has rows.
    const isList = role?.role === 'table' && byName.get(name)!.spec.shape.length < 2
    if (role && !isList) return { ...role, use: 'kernel' }
    return { layer: name, role: name.split('/').at(-1)!, className: '', use: 'constant' }
  }
}
