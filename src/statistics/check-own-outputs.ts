import type { ModelWeight } from '../internal/model-weights.js'
import { makesOutputs } from '../layer-kinds/layout.js'

interface Outputs {
  /** Whether they are those of both directions of a `Bidirectional`. */
  readonly isMerged: boolean
  /** Number of the layer's outputs. */
  readonly units: number
  /** Number of the weight's units. */
  readonly size: number
}

/** Throws unless the outputs of a weight's layer are those of the weight, one for each unit. */
export function checkOwnOutputs(weight: ModelWeight, { isMerged, units, size }: Outputs): void {
  const task = `Cannot gather zeroShare of ${weight.name}`
  if (isMerged || !makesOutputs(weight)) {
    const wanted = 'a layer whose outputs are those of the weight'
    const got = isMerged ? 'those of both directions' : 'the first half of another'
    throw new RangeError(`${task}: expected ${wanted}, got ${got}`)
  }
  if (units !== size) {
    const wanted = `a layer with ${size} outputs as the weight has units`
    throw new RangeError(`${task}: expected ${wanted}, got ${units}`)
  }
}
