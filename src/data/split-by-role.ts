import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { describe } from '../internal/describe.js'
import { numberThat, required } from '../internal/option-checks.js'
import { hashSeed, randomStream, shuffle } from '../internal/random.js'
import type { NumberArray } from '../types.js'
import { indicesByClass } from './stratified-batches.js'

/**
 * The use of a part of the data: `train` fits weights, `validation` chooses epochs, rates and
 * rounds, `calibration` is used once for a guarantee, `test` is looked at last.
 */
export type Role = 'train' | 'validation' | 'calibration' | 'test'

const ROLES: readonly Role[] = ['train', 'validation', 'calibration', 'test']

/** Options of {@link splitByRole}. */
export interface SplitByRoleOptions {
  /**
   * Share of the samples for each role, each in (0, 1]; together at most 1. Roles left out get
   * nothing.
   */
  readonly shares: Readonly<Partial<Record<Role, number>>>
  /** Whole number. @default 0 */
  readonly seed?: number
}

const task = 'split the data'
const checks: OptionChecks<SplitByRoleOptions> = { shares: required(checkShares), seed: checkSeed }

/**
 * Splits samples into disjoint parts with roles, class by class, in a seeded order.
 *
 * Each class is shared out in the same proportions, to the next whole sample; shares that sum to 1
 * use every sample.
 *
 * @param labels Class of each sample.
 * @param options Shares and seed.
 * @returns Sample indices of each role in ascending order; empty for a role without a share.
 * @throws {TypeError} If `labels` is no list, such as a tensor, or a label or a share is no number.
 * @throws {RangeError} If there are no labels, one is no class index, shares are out of range or sum
 *   to more than 1, or a class is too small to give each role one sample.
 *
 * @example
 * ```ts
 * import { splitByRole } from 'tfjs-prune'
 *
 * const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0))
 * const { train, test } = splitByRole(labels, { shares: { train: 0.75, test: 0.25 }, seed: 1 })
 * if (train.length !== 75 || test.filter((i) => labels[i] === 1).length !== 5) throw new Error('class by class')
 * ```
 */
export function splitByRole(
  labels: NumberArray,
  options: SplitByRoleOptions,
): Readonly<Record<Role, Int32Array>> {
  checkOptions(options, { task, checks })
  const { shares, seed = 0 } = options
  const parts = ofRoles((): number[] => [])
  for (const [label, members] of indicesByClass(labels, task)) {
    const order = shuffle(Int32Array.from(members), randomStream(hashSeed(seed, 'split', label)))
    let share = 0
    let start = 0
    for (const role of ROLES) {
      if (!shares[role]) continue
      share += shares[role]
      const end = Math.round(Math.min(share, 1) * order.length)
      if (end === start) {
        throw new RangeError(
          `Cannot ${task}: expected enough samples of class ${label} for ${role}, got ${order.length} in all`,
        )
      }
      for (const index of order.subarray(start, end)) parts[role].push(index)
      start = end
    }
  }
  return ofRoles((role) => Int32Array.from(parts[role]).sort())
}

function ofRoles<T>(make: (role: Role) => T): Record<Role, T> {
  return Object.fromEntries(ROLES.map((role) => [role, make(role)])) as Record<Role, T>
}

const checkShare = numberThat('in (0, 1]', (share) => share > 0 && share <= 1)

function checkShares(shares: unknown): void {
  if (typeof shares !== 'object' || shares === null) {
    throw new TypeError(`Cannot ${task}: expected a share for each role, got ${describe(shares)}`)
  }
  const entries = Object.entries(shares as SplitByRoleOptions['shares'])
  for (const [role, share] of entries) {
    if (!ROLES.includes(role as Role)) {
      throw new RangeError(`Cannot ${task}: expected a role of ${ROLES.join(', ')}, got ${role}`)
    }
    checkShare(share, { task, name: `the share for ${role}` })
  }
  const sum = entries.reduce((total, [, share]) => total + share, 0)
  if (entries.length === 0 || sum > 1 + 1e-9) {
    throw new RangeError(`Cannot ${task}: expected shares that sum to at most 1, got ${sum}`)
  }
}
