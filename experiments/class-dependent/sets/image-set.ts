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

const WHOLE: Shares = { train: 0.5, validation: 0.15, test: 0.35 }
const GIVEN_TEST: Shares = { train: 0.75, validation: 0.25 }

/**
 * Parts that are drawn by seed, class by class. Where the folder has a test split, that stays as it
 * is, and the others are pooled and split anew; images that repeat another one are left out.
 */
export function imageSet(
  folder: FolderParts,
  { negativesPerPositive }: ImageSetOptions = {},
): ImageSet {
  const given = 'all' in folder ? undefined : withoutRepeats(folder.test)
  const pool =
    'all' in folder
      ? withoutRepeats(folder.all)
      : withoutRepeats(joined([folder.train, folder.val]), given)
  const shares = given ? GIVEN_TEST : WHOLE
  const members = [0, 1].map((label) =>
    Int32Array.from(pool.labels.keys()).filter((i) => pool.labels[i] === label),
  )
  const rare = thinned(shares, members, negativesPerPositive)
  return {
    shape: pool.shape,
    draw: (seed) => {
      const negatives = rolesOf(members[0]!, { shares, seed, label: 0 })
      const positives = rolesOf(members[1]!, { shares: rare, seed, label: 1 })
      const part = (role: Role) =>
        pick(pool, Int32Array.from([...negatives(role), ...positives(role)]))
      return { train: part('train'), validation: part('validation'), test: given ?? part('test') }
    },
  }
}

/** Shares of the positives that leave so many negatives to each; the others are tested on. */
function thinned(shares: Shares, members: readonly Int32Array[], ratio = 0): Shares {
  const [negatives = 0, positives = 0] = members.map(({ length }) => length)
  const kept = Math.min(1, negatives / ratio / positives)
  const train = kept * shares.train!
  const validation = kept * shares.validation!
  return { train, validation, ...(shares.test && { test: 1 - train - validation }) }
}

function rolesOf(
  members: Int32Array,
  { shares, seed, label }: { shares: Shares; seed: number; label: number },
): (role: Role) => readonly number[] {
  const roles = splitByRole(new Uint8Array(members.length).fill(label), { shares, seed })
  return (role) => Array.from(roles[role], (i) => members[i]!)
}
