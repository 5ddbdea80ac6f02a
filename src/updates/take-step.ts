import { add, engine, scalar, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import { entriesOf } from '../internal/gradients.js'
import { clipFactor } from './clip-factor.js'
import type { FusedStep, HeldMasks } from './fused-step.js'
import { keptPlaces } from './kept-places.js'
import { type StockStep, stockStep } from './stock-step.js'
import type { ElementUpdate } from './update-elements.js'

/** The gradients of a weight, and which of them count. */
export interface KeptGradients {
  readonly gradients: Tensor
  /** Bool, 1 = kept: pruned elements get no gradient, and become 0. */
  readonly mask?: Tensor | undefined
  /** In place of the mask, where few are kept: slots of others stay, their values become 0. */
  readonly places?: Int32Array | undefined
}

/** A weight before a step. */
export interface Weight extends KeptGradients {
  readonly values: Variable
  readonly slots: readonly Variable[]
}

/** A backend's updates in one pass over gradients, slots, values and mask. */
export interface FusedUpdates {
  /** Share of the elements below which their places are faster than the mask. */
  readonly few: number
  /** Sum of the squares of kept gradients, a scalar. */
  readonly sumSquares: (gradients: KeptGradients) => Tensor
  /** New values and slots. */
  readonly update: (weight: Weight, how: ElementUpdate) => readonly Tensor[]
}

/**
 * Makes the fused step of a backend. Every number is that of the step by tfjs. It leaves to the
 * optimizer what it does not know: those that are no stock ones, and variables, gradients and slots
 * of unlike shapes or other dtypes than float32.
 */
export function takeStepWith(updates: FusedUpdates): FusedStep {
  return (gradients, masks, optimizer, clipNorm) => {
    const step = stockStep(optimizer)
    const entries = entriesOf(gradients)
    if (!step || !entries.every((entry, i) => fits(entry, slotsAt(step, i)))) return
    // Without gradients it makes the slots that are missing, and counts.
    optimizer.applyGradients(entries.map(([name]) => ({ name, tensor: null as never })))
    const weights = entries.flatMap(([name, gradient], i): Weight[] => {
      const kept = gradient && keptOf(name, updates.few, masks)
      const values = engine().registeredVariables[name]!
      return gradient ? [{ values, gradients: gradient, slots: slotsAt(step, i), ...kept }] : []
    })
    tidy(() => {
      const factor = clipNorm === undefined ? 1 : factorFor(clipNorm, weights, updates)
      for (const weight of weights) {
        const made = updates.update(weight, { ...step, factor })
        for (const [k, one] of [weight.values, ...weight.slots].entries()) one.assign(made[k]!)
      }
    })
    return new Set(weights.map(({ values }) => values.name))
  }
}

/** The slots that the variable of this number has already. */
const slotsAt = ({ slots }: StockStep, index: number): Variable[] =>
  slots.flatMap((list) => list[index]?.variable ?? [])

function fits([name, gradient]: [string, Tensor | null], slots: readonly Tensor[]): boolean {
  const variable = engine().registeredVariables[name]
  if (!gradient) return true
  const isLikeIt = ({ isDisposed, dtype, shape }: Tensor) =>
    !isDisposed && dtype === 'float32' && `${shape}` === `${variable!.shape}`
  return variable !== undefined && [variable, gradient, ...slots].every(isLikeIt)
}

/** As places where they are few; that leaves the slots of pruned elements out. */
function keptOf(name: string, few: number, { held, settled }: HeldMasks) {
  const mask = held.get(name)?.mask
  const places = mask && settled ? keptPlaces(mask, few) : null
  return places ? { places } : { mask }
}

function factorFor(clipNorm: number, weights: readonly Weight[], updates: FusedUpdates): number {
  const total = weights.reduce<Tensor>(
    (sum, weight) => add(sum, updates.sumSquares(weight)),
    scalar(0),
  )
  return clipFactor(total, clipNorm).dataSync()[0]!
}
