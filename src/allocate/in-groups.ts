import { askPiece } from '../internal/check-piece.js'
import { optionError } from '../internal/option-error.js'
import { checkSelector, matches, type Selector } from '../select/selector.js'
import type { AllocationRequest, Allocator } from '../types.js'
import { globally } from './globally.js'
import { perLayer } from './per-layer.js'
import { selectableRequest } from './selectable-request.js'

/** Weights that share a budget. */
export interface AllocationGroup {
  /** The weights of the group. */
  readonly include: Selector
  /** How they share their budget. @default globally() */
  readonly allocate?: Allocator
}

const TASK = 'share out the density in groups'
const PIECE = { task: TASK, name: 'allocate', kind: 'an allocator' } as const

/**
 * Groups of weights with a budget each: the weights of a group share round(their size * density) by
 * the group's own allocator, and never take from, or give to, another group.
 *
 * So that, say, a backbone and a head each lose half, while the layers within each compete. Groups
 * can be nested, as this is an allocator too.
 *
 * @param groups The groups. No weight may be in two of them.
 * @param rest How the weights that are in no group are shared out, all together. @default
 *   perLayer()
 * @returns An allocator, with the criterion that the first of its allocators names, if one does. It
 *   throws a RangeError if a group has no weight or a weight is in two
 *   groups, and a TypeError if a group's allocator does not answer with one count per weight.
 * @throws {TypeError} If `groups` is no list, or an allocator is no function.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, globally, inGroups } from 'tfjs-prune'
 *
 * const first = layers.dense({ name: 'first', units: 10, inputShape: [4] })
 * const second = layers.dense({ name: 'second', units: 2 })
 * const model = sequential({ layers: [first, second, layers.dense({ name: 'out', units: 4 })] })
 * const allocate = inGroups([{ include: ['first', 'second'], allocate: globally() }])
 * const { weights } = await computeMask(model, { density: 0.5, allocate })
 * if (weights[0]!.kept + weights[1]!.kept !== 30) throw new Error('60 weights share 30')
 * if (weights[2]!.kept !== 4) throw new Error('the others keep half each')
 * ```
 */
export function inGroups(
  groups: readonly AllocationGroup[],
  rest: Allocator = perLayer(),
): Allocator {
  if (!Array.isArray(groups))
    throw optionError(
      new TypeError(`Cannot ${TASK}: expected a list of groups, got ${typeof groups}`),
    )
  const all = groups.map(({ include, allocate = globally() }: AllocationGroup) => ({
    include,
    allocate,
  }))
  const own = [...all.map(({ allocate }) => allocate), rest]
  for (const allocate of own) {
    if (typeof allocate === 'function') continue
    throw optionError(
      new TypeError(`Cannot ${TASK}: expected an allocator, got ${typeof allocate}`),
    )
  }
  const allocate: Allocator = (weights, density) => {
    const groupOf = weights.map((weight) => groupIndex(weight, all))
    checkGroups(all, weights, groupOf)
    const counts = new Array<number>(weights.length)
    for (const [group, { allocate }] of [...all, { allocate: rest }].entries()) {
      const members = weights.flatMap((_, i) => (groupOf[i] === group ? [i] : []))
      if (members.length === 0) continue
      const requests = members.map((i) => weights[i]!)
      const found = askPiece(allocate, [requests, density], PIECE)
      if (!Array.isArray(found) || found.length !== members.length) {
        const got = Array.isArray(found) ? found.length : typeof found
        throw new TypeError(
          `Cannot ${TASK}: expected ${members.length} counts from a group's allocator, got ${got}`,
        )
      }
      members.forEach((i, place) => {
        counts[i] = found[place]!
      })
    }
    return counts
  }
  const { criterion } = own.find((one) => one.criterion) ?? {}
  return criterion ? Object.assign(allocate, { criterion }) : allocate
}

/** The group of a weight; the number of groups if it is in none. */
function groupIndex(weight: AllocationRequest, groups: readonly AllocationGroup[]): number {
  const own = [...groups.keys()].filter((i) =>
    matches(groups[i]!.include, selectableRequest(weight)),
  )
  if (own.length > 1) {
    throw new RangeError(
      `Cannot ${TASK}: expected ${weight.name} in one group, got groups ${own.join(' and ')}`,
    )
  }
  return own[0] ?? groups.length
}

function checkGroups(
  groups: readonly AllocationGroup[],
  weights: readonly AllocationRequest[],
  groupOf: readonly number[],
): void {
  for (const [i, group] of groups.entries()) {
    checkSelector(`groups[${i}].include`, group.include, weights.map(selectableRequest))
    if (!groupOf.includes(i))
      throw new RangeError(`Cannot ${TASK}: expected weights in groups[${i}], got none`)
  }
}
