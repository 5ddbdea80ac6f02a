import { splitByRole } from 'tfjs-prune'
import type { ImageSet } from './image-set.js'
import { type Images, pick } from './images.js'

/** Images of several kinds, as MNIST has ten. */
export interface ImagesByKind extends Pick<Images, 'shape' | 'pixels'> {
  readonly kinds: Uint8Array
}

/** Images of each part, by label: others, then those of the rare kind. */
const COUNTS = { train: [800, 40], validation: [1000, 200], test: [3000, 800] } as const

/**
 * One kind among the others, one to twenty in the part to train on. The test part is drawn once,
 * from images that no seed trains on.
 */
export function rareAmong({ shape, pixels, kinds }: ImagesByKind, rare: number): ImageSet {
  const labels = Uint8Array.from(kinds, (kind) => Number(kind === rare))
  const images: Images = { shape, pixels, labels }
  const classes = [0, 1].map((label) => {
    const members = Int32Array.from(labels.keys()).filter((i) => labels[i] === label)
    const test = COUNTS.test[label]! / members.length
    const roles = splitByRole(new Uint8Array(members.length).fill(label), {
      shares: { train: 1 - test, test },
    })
    const at = (places: Int32Array) => places.map((place) => members[place]!)
    return { label, pool: at(roles.train), test: at(roles.test) }
  })
  const test = pick(images, Int32Array.from(classes.flatMap((one) => [...one.test])))
  return {
    shape,
    draw: (seed) => {
      const drawn = classes.map(({ label, pool }) => {
        const shares = {
          train: COUNTS.train[label]! / pool.length,
          validation: COUNTS.validation[label]! / pool.length,
        }
        return {
          pool,
          roles: splitByRole(new Uint8Array(pool.length).fill(label), { shares, seed }),
        }
      })
      const part = (role: 'train' | 'validation') =>
        pick(
          images,
          Int32Array.from(
            drawn.flatMap(({ pool, roles }) => Array.from(roles[role], (i) => pool[i]!)),
          ),
        )
      return { train: part('train'), validation: part('validation'), test }
    },
  }
}
