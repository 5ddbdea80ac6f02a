import { memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { Rewinder, RewoundWeight } from '../../src/types.js'
import { bitsOf, randomValues } from '../support/weights.js'
import { conformance, type Law } from './laws.js'

const SHAPES = [[1], [5], [3, 4], [2, 2, 3, 2]]

/** Runs the contract of a rewinder over one member: `make` makes it anew. */
export function rewinderConformance(name: string, make: () => Rewinder): void {
  conformance(name, rewinderLaws, make)
}

/** Calls `use` with a weight whose sources all come from `seed`, and disposes it. */
function withWeight<T>(shape: readonly number[], seed: number, use: (weight: RewoundWeight) => T): T {
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

const sources = ({ initial, captured, trained }: RewoundWeight): Tensor[] => [initial, captured, trained]
const restart = ({ weights }: Rewinder, weight: RewoundWeight) => tidy(() => bitsOf(weights(weight)))

/** The laws, for those who test the suite itself. */
export const rewinderLaws: readonly Law<Rewinder>[] = [
  {
    law: 'has a name and says what becomes of everything else',
    check: (make) => {
      const { name, statistics, optimizer, learningRate, dataOrder } = make()
      expect(name).toMatch(/\S/)
      expect(['rewound', 'kept']).toContain(statistics)
      expect(['fresh', 'rewound', 'kept']).toContain(optimizer)
      expect(['rewound', 'last']).toContain(learningRate)
      expect(['rewound', 'continued']).toContain(dataOrder)
    },
  },
  {
    law: 'captures nothing, or one point in whole epochs or steps',
    check: (make) => {
      const { capture } = make()
      if (capture === undefined) return
      const [[unit, count] = [], ...others] = Object.entries(capture)
      expect(others).toEqual([])
      expect(['epoch', 'step']).toContain(unit)
      expect(Number.isInteger(count) && (count as number) >= 1).toBe(true)
    },
  },
  {
    law: 'returns a float32 tensor of the shape of the weight',
    check: (make) => {
      for (const shape of SHAPES) {
        const next = withWeight(shape, 1, (weight) => tidy(() => make().weights(weight).clone()))
        const { dtype, shape: got } = next
        next.dispose()
        expect(dtype).toBe('float32')
        expect(got).toEqual(shape)
      }
    },
  },
  {
    law: 'gives finite values that depend on what it is shown',
    check: (make) => {
      const [one, other] = [1, 100].map((seed) => withWeight([3, 4], seed, (weight) => restart(make(), weight)))
      const values = new Float32Array(Uint32Array.from(one!).buffer)
      expect(values.every(Number.isFinite)).toBe(true)
      expect(other).not.toEqual(one)
    },
  },
  {
    law: 'gives the same values again, also when it is made again',
    check: (make) => {
      const rewinder = make()
      const all = [rewinder, rewinder, make()].map((one) => withWeight([3, 4], 1, (weight) => restart(one, weight)))
      expect(all[1]).toEqual(all[0])
      expect(all[2]).toEqual(all[0])
    },
  },
  {
    law: 'disposes no tensor that it is shown and changes no value of it',
    check: (make) => {
      withWeight([3, 4], 1, (weight) => {
        const before = sources(weight).map(bitsOf)
        restart(make(), weight)
        expect(sources(weight).map(({ isDisposed }) => isDisposed)).toEqual([false, false, false])
        expect(sources(weight).map(bitsOf)).toEqual(before)
      })
    },
  },
  {
    law: 'leaves no tensor behind',
    check: (make) => {
      const rewinder = make()
      const before = memory().numTensors
      withWeight([3, 4], 1, (weight) => restart(rewinder, weight))
      expect(memory().numTensors - before).toBe(0)
    },
  },
]
