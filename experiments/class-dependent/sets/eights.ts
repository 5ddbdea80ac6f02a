import { splitByRole } from 'tfjs-prune'
import { readDigits } from '../../../examples/support/mnist.js'
import type { ImageSet } from './image-set.js'
import { type Images, pick } from './images.js'

/** Images of each part: others, then eights. */
const COUNTS = { train: [800, 40], validation: [1000, 200], test: [3000, 800] } as const

/** MNIST: the digit 8 among the others, one to twenty in the part to train on. */
export function eights(): ImageSet {
  const { pixels, digits } = readDigits('train')
  const labels = Uint8Array.from(digits, (digit) => Number(digit === 8))
  const images: Images = { shape: [28, 28, 1], pixels, labels }
  const classes = [0, 1].map((label) =>
    Int32Array.from(labels.keys()).filter((i) => labels[i] === label),
  )
  return {
    shape: images.shape,
    draw: (seed) => {
      const drawn = classes.map((members, label) => {
        const shares = {
          train: COUNTS.train[label]! / members.length,
          validation: COUNTS.validation[label]! / members.length,
          test: COUNTS.test[label]! / members.length,
        }
        const roles = splitByRole(new Uint8Array(members.length).fill(label), { shares, seed })
        return { members, roles }
      })
      const part = (role: keyof typeof COUNTS) =>
        pick(
          images,
          Int32Array.from(
            drawn.flatMap(({ members, roles }) => Array.from(roles[role], (i) => members[i]!)),
          ),
        )
      return { train: part('train'), validation: part('validation'), test: part('test') }
    },
  }
}
