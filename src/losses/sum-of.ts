import { type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { addAll } from '../internal/add-all.js'
import type { ModelOutput } from '../internal/model-output.js'
import { optionError } from '../internal/option-error.js'
import type { BudgetFeasibility, Loss } from '../types.js'
import { favouredByParts } from './favoured-by.js'
import { agreeOnOutput, bindTo } from './follow-output.js'
import type { LossMemory } from './multipliers.js'

/**
 * The sum of several losses of the same batch.
 *
 * L(y, s) = sum_i L_i(y, s)
 *
 * @param losses At least one loss; each returns a float32 scalar.
 * @returns A loss; `settings.losses` lists the settings of its parts, beside their `output`, and
 *   their `positiveClass` if they have the same. With a part that has an update step, such as
 *   `falseNegativeBudget`, the sum has it too, and `fit` calls it. The caller disposes the scalar
 *   that it returns.
 * @throws {TypeError} If there is no loss, or one is not a function.
 * @throws {RangeError} If one part wants logits and another probabilities.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { squaredHingeRank, sumOf, weightedCrossentropy } from 'tfjs-prune/losses'
 *
 * const loss = sumOf(weightedCrossentropy(), squaredHingeRank({ lambda: 5 }))
 * const [value = 0] = loss(tensor1d([1, 0]), tensor1d([0, 0])).dataSync()
 * if (Math.abs(value - (Math.LN2 + 5)) > 1e-5) throw new Error('unexpected loss')
 * ```
 */
export function sumOf(...losses: readonly Loss[]): Loss {
  return sumAt(losses)
}

/** A part that learns, or that has a loss of its own for each round. */
interface Learning extends Loss {
  readonly update?: (measured: never) => unknown
  readonly compareWith?: (dense: never) => unknown
  readonly feasibility?: readonly BudgetFeasibility[]
  readonly memory?: LossMemory
  readonly atRound?: (round: number) => Loss
}

function sumAt(losses: readonly Loss[]): Loss {
  if (losses.length === 0)
    throw optionError(new TypeError('Cannot make sumOf: expected at least one loss, got none'))
  for (const [index, loss] of losses.entries()) {
    if (typeof loss === 'function') continue
    throw optionError(
      new TypeError(
        `Cannot make sumOf: expected loss ${index} to be a function, got ${typeof loss}`,
      ),
    )
  }
  const { losses: parts, output } = agreeOnOutput<Learning>(losses, { task: 'make sumOf' })
  const total = (yTrue: Tensor, yPred: Tensor): Scalar =>
    tidy(() => addAll(parts.map((loss) => loss(yTrue, yPred))))
  const all = parts.map(({ settings }) => settings ?? {})
  const classes = valuesOf(all, 'positiveClass')
  const labels = valuesOf(all, 'label')
  const favours = favouredByParts(parts.map((part) => part.favours))
  const common = {
    ...(output === undefined ? {} : { output }),
    ...(classes.length === 1 ? { positiveClass: classes[0] } : {}),
    ...(labels.length > 0 && { label: labels.length > 1 ? 'all' : labels[0] }),
  }
  const learning = parts.filter(({ update }) => update)
  const update = (measured: unknown) => {
    for (const part of learning) part.update!(measured as never)
  }
  const compareWith = (dense: unknown) => {
    for (const part of learning) part.compareWith?.(dense as never)
  }
  const atRound = (round: number) => sumAt(parts.map((part) => part.atRound?.(round) ?? part))
  const sum = Object.assign(total, {
    settings: { ...common, losses: all },
    ...(favours !== undefined && { favours }),
    ...(output === 'auto' && {
      forOutput: (known: ModelOutput) => sumAt(parts.map((part) => bindTo(part, known))),
    }),
    ...(learning.length > 0 && { update, compareWith, learning, ...memoryOf(learning) }),
    ...(parts.some((part) => part.atRound) && { atRound }),
  })
  if (!learning.some(({ feasibility }) => feasibility)) return sum
  const get = () => learning.flatMap(({ feasibility = [] }) => feasibility)
  return Object.defineProperty(sum, 'feasibility', { get })
}

/** The memories of all parts that learn, as one. */
function memoryOf(learning: readonly Learning[]): { memory?: LossMemory } {
  if (!learning.every(({ memory }) => memory)) return {}
  const read = () => learning.map(({ memory }) => memory!.read())
  const write = (numbers: unknown) => {
    for (const [i, { memory }] of learning.entries())
      memory!.write((numbers as readonly unknown[])[i])
  }
  return { memory: { read, write } }
}

/** The different values that the parts have of a setting. */
function valuesOf(all: readonly Readonly<Record<string, unknown>>[], name: string): unknown[] {
  return [
    ...new Set(all.flatMap((settings) => (settings[name] === undefined ? [] : [settings[name]]))),
  ]
}
