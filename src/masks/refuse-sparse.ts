import type { WeightValues } from '../internal/weight-values.js'
import type { ResolvedModel } from '../select/resolve-model.js'

/**
 * Throws for a model that is sparse already where no mask says so: its zeros would grow again. It
 * is sparse where a tenth of its prunable elements is 0, or half of one weight. Rounding to 8 bits
 * leaves fewer zeros: 2 to 8 % of real networks.
 */
export function refuseSparse(
  { prunable }: ResolvedModel,
  { task, present }: { readonly task: string; readonly present: WeightValues },
): void {
  const all = { place: '', zeros: 0, size: 0 }
  let half: typeof all | undefined
  for (const { name, frozen } of prunable) {
    // Nothing grows in a layer that is not trained.
    if (frozen) continue
    const values = present[name]!
    let zeros = 0
    for (const value of values) zeros += Number(value === 0)
    all.size += values.length
    // A weight that is 0 throughout is a fresh one.
    if (zeros === values.length) continue
    all.zeros += zeros
    if (2 * zeros >= values.length) half ??= { place: ` of ${name}`, zeros, size: values.length }
  }
  const found = 10 * all.zeros >= all.size ? all : half
  if (!found || found.size === 0) return
  throw new RangeError(
    `Cannot ${task}: expected previous for a sparse model, got none: ${found.zeros} of ${found.size} elements${found.place} are 0. ` +
      'await maskOfZeros(model) keeps them at 0, denseMask(model) lets them grow. Where an earlier run ' +
      'has pruned it, build it anew for another run, or give it W0 by applyTicket(model, rounds[0]).',
  )
}
