import { type Role, splitByRole } from 'tfjs-prune'
import type { FolderParts } from './image-folder.js'
import { type Images, joined, pick, withoutRepeats } from './images.js'

/** The parts of a seed: to train on, to choose by, and to judge by. */
export type Parts = Readonly<Record<'train' | 'validation' | 'test', Images>>

/** A set of images that the study runs on. */
export interface ImageSet {
  readonly shape: Images['shape']
  /** Draws the parts of a seed, the same each time. */
  readonly draw: (seed: number) => Parts
}

type Shares = Partial<Record<Role, number>>

/** Options of {@link imageSet}. */
export interface ImageSetOptions {
  /** Most negatives to a positive in the parts to train on and to choose by. @default as they are */
  readonly negativesPerPositive?: number
}

/** The test part of a folder without one, drawn once: no seed, and no tuning, trains on it. */
const HELD_OUT: Shares = { train: 0.65, test: 0.35 }
const SHARES: Shares = { train: 0.75, validation: 0.25 }

/**
 * Parts to train on and to choose by that are drawn by seed, class by class, and one test part for
 * all seeds: that of the folder, or one that is drawn once. Images that repeat another one are left
 * out.
 */
export function imageSet(
  folder: FolderParts,
  { negativesPerPositive }: ImageSetOptions = {},
): ImageSet {
  const { pool, test } = 'all' in folder ? heldOut(withoutRepeats(folder.all)) : givenTest(folder)
  const members = [0, 1].map((label) =>
    Int32Array.from(pool.labels.keys()).filter((i) => pool.labels[i] === label),
  )
  const rare = thinned(members, negativesPerPositive)
  return {
    shape: pool.shape,
    draw: (seed) => {
      const negatives = rolesOf(members[0]!, { shares: SHARES, seed, label: 0 })
      const positives = rolesOf(members[1]!, { shares: rare, seed, label: 1 })
      const part = (role: Role) =>
        pick(pool, Int32Array.from([...negatives(role), ...positives(role)]))
      return { train: part('train'), validation: part('validation'), test }
    },
  }
}

function heldOut(images: Images) {
  const { train, test } = splitByRole(images.labels, { shares: HELD_OUT, seed: 0 })
  return { pool: pick(images, train), test: pick(images, test) }
}

function givenTest({ train, val, test }: Record<'train' | 'val' | 'test', Images>) {
  const own = withoutRepeats(test)
  return { pool: withoutRepeats(joined([train, val]), own), test: own }
}

/** Shares of the positives that leave so many negatives to each; the others are left out. */
function thinned(members: readonly Int32Array[], ratio = 0): Shares {
  const [negatives = 0, positives = 0] = members.map(({ length }) => length)
  const kept = Math.min(1, negatives / ratio / positives)
  return { train: kept * SHARES.train!, validation: kept * SHARES.validation! }
}

function rolesOf(
  members: Int32Array,
  { shares, seed, label }: { shares: Shares; seed: number; label: number },
): (role: Role) => readonly number[] {
  const roles = splitByRole(new Uint8Array(members.length).fill(label), { shares, seed })
  return (role) => Array.from(roles[role], (i) => members[i]!)
}
