import { whileLent } from '../internal/lent-weights.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { type WeightValues, writeValues } from '../internal/weight-values.js'

/** The weights that statistics are gathered with. */
export interface ScoringWeights {
  readonly at: 'trained' | 'initial'
  /** Values before training by name; a weight without them keeps its own. */
  readonly initial: Readonly<WeightValues> | undefined
  /** Previous masks of the prunable weights by name. */
  readonly masks: ReadonlyMap<string, Uint8Array>
}

/**
 * Runs `work` while a model has the trained or initial weights under the mask. It has its own
 * weights again afterwards.
 */
export async function withScoringWeights<T>(
  weights: readonly ModelWeight[],
  { at, initial = {}, masks }: ScoringWeights,
  work: () => Promise<T>,
): Promise<T> {
  const own: WeightValues = {}
  const other: WeightValues = {}
  for (const { name, variable } of weights) {
    const present = await variable.data()
    const wanted = at === 'initial' ? (initial[name] ?? present) : present
    const mask = masks.get(name)
    const held = mask ? heldValues(wanted, mask) : wanted
    if (held === present) continue
    own[name] = present.slice()
    other[name] = held
  }
  if (Object.keys(other).length === 0) return work()
  return whileLent(weights, async () => {
    try {
      writeValues(weights, other)
      return await work()
    } finally {
      writeValues(weights, own)
    }
  })
}

/**
 * Values with zeros where the mask prunes; the values themselves where they are so. On the bits,
 * without branches.
 */
function heldValues(values: WeightValues[string], mask: Uint8Array): WeightValues[string] {
  const held = values.slice()
  const bits = held instanceof Uint8Array ? held : new Int32Array(held.buffer)
  let stray = 0
  for (let i = 0; i < bits.length; i++) {
    const before = bits[i]!
    const after = before & -mask[i]!
    stray |= before ^ after
    bits[i] = after
  }
  return stray === 0 ? values : held
}
