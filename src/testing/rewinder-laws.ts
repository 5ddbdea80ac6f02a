import { memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { Rewinder, RewoundWeight } from '../types.js'
import { expectOneOf, expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { bitsOf, randomValues } from './random-values.js'

const SHAPES = [[1], [5], [3, 4], [2, 2, 3, 2]]

/** Calls `use` with a weight whose sources all come from `seed`, and disposes it. */
function withWeight<T>(
  shape: readonly number[],
  seed: number,
  use: (weight: RewoundWeight) => T,
): T {
  const size = shape.reduce((product, side) => product * side, 1)
  const like = (salt: number) => tensor(randomValues(size, salt), [...shape])
  const [initial, captured, trained] = [like(seed), like(seed + 1), like(seed + 2)]
  const draw = (drawn: number) => like(drawn + seed)
  try {
    return use({ name: 'out/kernel', round: 2, initial, captured, trained, draw })
  } finally {
    for (const one of [initial, captured, trained]) one.dispose()
  }
}

const sources = ({ initial, captured, trained }: RewoundWeight): Tensor[] => [
  initial,
  captured,
  trained,
]
const restart = ({ weights }: Rewinder, weight: RewoundWeight) =>
  tidy(() => bitsOf(weights(weight)))

/**
 * The duties of a {@link Rewinder}. Runs on the backend that is set.
 *
 * @example
 * ```ts
 * import { rewindToInitial } from 'tfjs-prune'
 * import { rewinderLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of rewinderLaws) await check(() => ({ ...rewindToInitial(), name: 'mine' }))
 * ```
 */
export const rewinderLaws: readonly Law<Rewinder>[] = [
  {
    law: 'has a name and says what becomes of everything else',
    check: (make) => {
      const { name, statistics, optimizer, learningRate, dataOrder } = make()
      expectThat(/\S/.test(name), 'a name', name)
      expectOneOf(statistics, ['rewound', 'kept'], 'statistics')
      expectOneOf(optimizer, ['fresh', 'rewound', 'kept'], 'optimizer')
      expectOneOf(learningRate, ['rewound', 'last'], 'learningRate')
      expectOneOf(dataOrder, ['rewound', 'continued'], 'dataOrder')
    },
  },
  {
    law: 'captures nothing, or one point in whole epochs or steps',
    check: (make) => {
      const { capture } = make()
      if (capture === undefined) return
      const [[unit, count] = [], ...others] = Object.entries(capture)
      expectSame(others, [], 'what is captured beside one point')
      expectOneOf(unit, ['epoch', 'step'], 'the unit of the point')
      expectThat(
        Number.isInteger(count) && (count as number) >= 1,
        'a whole number, at least 1',
        count,
      )
    },
  },
  {
    law: 'returns a float32 tensor of the shape of the weight',
    check: (make) => {
      for (const shape of SHAPES) {
        const next = withWeight(shape, 1, (weight) => tidy(() => make().weights(weight).clone()))
        const { dtype, shape: got } = next
        next.dispose()
        expectSame(dtype, 'float32', 'the dtype')
        expectSame(got, shape, 'the shape')
      }
    },
  },
  {
    law: 'gives finite values that depend on what it is shown',
    check: (make) => {
      const [one, other] = [1, 100].map((seed) =>
        withWeight([3, 4], seed, (weight) => restart(make(), weight)),
      )
      const values = new Float32Array(Uint32Array.from(one!).buffer)
      expectThat(values.every(Number.isFinite), 'finite values', values)
      expectThat(other!.join() !== one!.join(), 'other values for another weight', values)
    },
  },
  {
    law: 'gives the same values again, also when it is made again',
    check: (make) => {
      const rewinder = make()
      const all = [rewinder, rewinder, make()].map((one) =>
        withWeight([3, 4], 1, (weight) => restart(one, weight)),
      )
      expectSame(all[1], all[0], 'the bits of the second call')
      expectSame(all[2], all[0], 'the bits of a second one')
    },
  },
  {
    law: 'disposes no tensor that it is shown and changes no value of it',
    check: (make) => {
      withWeight([3, 4], 1, (weight) => {
        const before = sources(weight).map(bitsOf)
        restart(make(), weight)
        expectSame(
          sources(weight).map(({ isDisposed }) => isDisposed),
          [false, false, false],
          'isDisposed of initial, captured and trained',
        )
        expectSame(sources(weight).map(bitsOf), before, 'the bits of initial, captured and trained')
      })
    },
  },
  {
    law: 'leaves no tensor behind',
    check: (make) => {
      const rewinder = make()
      const before = memory().numTensors
      withWeight([3, 4], 1, (weight) => restart(rewinder, weight))
      expectSame(memory().numTensors - before, 0, 'the number of tensors left behind')
    },
  },
]
