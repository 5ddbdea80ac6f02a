import type { ModelWeight } from '../internal/model-weights.js'
import { keepsZero } from '../layer-kinds/keeps-zero.js'
import { type LayerCall, unitsOf } from '../layer-kinds/layer-call.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { mergedCells } from '../layer-kinds/merged-cells.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { wiringOf } from '../layer-kinds/wiring.js'
import { ALIVE, ZERO } from './silence-call.js'

/** The layer of a call, and its dead cells. */
interface Surroundings {
  readonly weights: readonly ModelWeight[]
  /** The cells of each direction without kernels, 1 a cell. */
  readonly dead: readonly (Uint8Array | undefined)[]
  /** The layer or a model around it is frozen, and stays as it is. */
  readonly isFrozen: boolean
}

/**
 * States of the outputs of a recurrent call, whose dead cells have no bias either; undefined for
 * another one. A cell with all weights at 0 puts out 0 at every step, as its candidate is
 * activation(0).
 */
export function silenceCells(
  call: LayerCall,
  { weights, dead, isFrozen }: Surroundings,
): Uint8Array[] | undefined {
  if (!registeredKind(call.className)?.recurrent || wiringOf(call).kind !== 'kernel')
    return undefined
  const hasShift = weights.some((weight) => layoutOf(weight).use === 'shift')
  const isSilent = keepsZero(call) && !(isFrozen && hasShift)
  const cells = dead.map((own) => (isSilent && own) || new Uint8Array(unitsOf(call)))
  return [...mergedCells(call, cells).values()].map((zero) =>
    zero.map((isZero) => (isZero ? ZERO : ALIVE)),
  )
}
