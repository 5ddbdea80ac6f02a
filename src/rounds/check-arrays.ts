import { describe } from '../internal/describe.js'
import type { WeightValues } from '../internal/weight-values.js'
import type { Mask } from '../masks/mask.js'
import type { OptimizerSlots } from './optimizer-slots.js'

/** The parts of a round that hold typed arrays. */
interface Parts {
  readonly round?: number
  readonly mask?: Mask
  readonly completed?: Mask['weights']
  readonly trained?: Readonly<WeightValues>
  readonly initial?: Readonly<WeightValues>
  readonly checkpoint?: { readonly weights: Readonly<WeightValues> }
  readonly movement?: Readonly<WeightValues>
  readonly optimizer?: OptimizerSlots
}

/** Throws a TypeError unless a round has these parts, and typed arrays in all that it has. */
export function checkArrays(
  given: Parts,
  { task, parts }: { readonly task: string; readonly parts: readonly (keyof Parts)[] },
): void {
  const round: Parts = given ?? {}
  const which = typeof round.round === 'number' ? `round ${round.round}` : 'a round'
  const isBare = parts.some((part) => typeof round[part] !== 'object')
  if (isBare) {
    const got = typeof given === 'object' ? 'a report without them' : describe(given)
    throw new TypeError(`Cannot ${task}: expected ${which} with its mask and weights, got ${got}`)
  }
  for (const [part, arrays] of Object.entries(arraysOf(round))) {
    const index = arrays.findIndex((array) => !ArrayBuffer.isView(array))
    if (index < 0) continue
    const got = typeof arrays[index] === 'object' ? 'plain objects' : describe(arrays[index])
    throw new TypeError(
      `Cannot ${task}: expected typed arrays in ${which}'s ${part}, got ${got}: JSON loses them; ` +
        'use saveRounds of tfjs-prune/runs',
    )
  }
}

function arraysOf(round: Parts) {
  const { mask, completed = [], trained, initial, checkpoint, movement, optimizer } = round
  const weights = (record: object | undefined): unknown[] => Object.values(record ?? {})
  return {
    mask: mask?.weights?.map(({ values }): unknown => values) ?? [],
    completed: completed.map(({ values }): unknown => values),
    trained: weights(trained),
    initial: weights(initial),
    checkpoint: weights(checkpoint?.weights),
    movement: weights(movement),
    optimizer: optimizer?.map(({ values }): unknown => values) ?? [],
  }
}
