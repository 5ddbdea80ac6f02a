import { whileLent } from '../internal/lent-weights.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { readValues, type WeightValues, writeValues } from '../internal/weight-values.js'
import type { GatheredStatistics } from '../types.js'

/** The weights that statistics are gathered with. */
export interface ScoringWeights {
  readonly at: 'trained' | 'initial'
  /** Values before training by name; a weight without them keeps its own. */
  readonly initial: Readonly<WeightValues> | undefined
  /** Previous masks of the prunable weights by name. */
  readonly masks: ReadonlyMap<string, Uint8Array>
}

/**
 * Gathers statistics while a model has the trained or initial weights under the mask. It has its own
 * weights again afterwards. Throws where someone has given weights other values meanwhile, which
 * then stay.
 */
export async function withScoringWeights(
  weights: readonly ModelWeight[],
  { at, initial = {}, masks }: ScoringWeights,
  gather: () => Promise<GatheredStatistics>,
): Promise<GatheredStatistics> {
  const own: WeightValues = {}
  const scored: WeightValues = {}
  for (const { name, variable } of weights) {
    const present = (await variable.data()) as Float32Array
    const wanted = at === 'initial' ? (initial[name] ?? present) : present
    const mask = masks.get(name)
    scored[name] = mask ? heldValues(wanted, mask) : wanted
    if (scored[name] !== present) own[name] = present.slice()
  }
  const lent = weights.filter(({ name }) => own[name])
  if (lent.length === 0) return gatherWith(weights, { own, scored }, gather)
  return whileLent(weights, () => {
    writeValues(lent, scored)
    return gatherWith(weights, { own, scored }, gather)
  })
}

interface Values {
  /** The values to give back to weights that have others. */
  readonly own: Readonly<WeightValues>
  /** The values of all weights meanwhile. */
  readonly scored: Readonly<WeightValues>
}

async function gatherWith(
  weights: readonly ModelWeight[],
  { own, scored }: Values,
  gather: () => Promise<GatheredStatistics>,
): Promise<GatheredStatistics> {
  const ids = weights.map(({ variable }) => variable.dataId)
  let written: ModelWeight[] = []
  let gathered: GatheredStatistics
  try {
    gathered = await gather()
  } finally {
    written = await withOtherValues(
      weights.filter(({ variable }, i) => !variable.isDisposed && variable.dataId !== ids[i]),
      scored,
    )
    writeValues(
      weights.filter((weight) => !written.includes(weight)),
      own,
    )
  }
  const [first] = written
  if (!first) return gathered
  gathered.dispose()
  throw new Error(
    `Cannot score: expected weights that stay as they are meanwhile, got other values in ` +
      `${first.name}: await the gathering of statistics first`,
  )
}

/** A function that gathers may write weights itself, as long as it gives them back. */
async function withOtherValues(
  weights: readonly ModelWeight[],
  values: Readonly<WeightValues>,
): Promise<ModelWeight[]> {
  const present = await readValues(weights)
  return weights.filter(({ name }) =>
    present[name]!.some((value, i) => !Object.is(value, values[name]![i])),
  )
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
