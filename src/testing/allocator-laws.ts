import { type RandomStream, randomStream } from '../internal/random.js'
import type { AllocationRequest, Allocator } from '../types.js'
import { expectSame, expectThat } from './expectations.js'
import type { Law } from './law.js'
import { randomValues } from './random-values.js'

// Many ties, both zeros and both signs.
const SCORES = [-2, -1.5, -1, -0, 0, 0.5, 1, 1.5, 2, 3]
const DENSITIES = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 1e-6]

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

function request(
  index: number,
  scores: Float32Array,
  mask: Uint8Array,
  ends = [0, 1],
): AllocationRequest {
  const size = scores.length
  const kept = mask.reduce((total, value) => total + value, 0)
  const [low, high] = ends.map((end) => 1 + Math.floor(end * (kept - 1)))
  const place = {
    name: `layer_${index}/kernel`,
    layer: `layer_${index}`,
    role: 'kernel',
    className: 'Dense',
  }
  return {
    ...place,
    shape: [size],
    size,
    kept,
    mask,
    scores,
    minimumKept: low!,
    maximumKept: high!,
  }
}

/** Weights of 40 to 400 elements, all still there. */
const untouched = () =>
  [400, 40, 200, 160].map((size, i) =>
    request(i, randomValues(size, i), new Uint8Array(size).fill(1)),
  )

/** One to four weights of up to twelve elements with previous masks and bounds. */
function someWeights({ below, uniform }: RandomStream): AllocationRequest[] {
  return Array.from({ length: 1 + below(4) }, (_, index) => {
    const size = 1 + below(12)
    const scores = Float32Array.from({ length: size }, () => SCORES[below(SCORES.length)]!)
    const mask = Uint8Array.from({ length: size }, () => Number(below(3) > 0))
    mask[below(size)] = 1
    const ends = [uniform(), uniform()].sort((a, b) => a - b)
    return request(index, scores, mask, ends)
  })
}

const someDensity = ({ below, uniform }: RandomStream) =>
  DENSITIES[below(2 * DENSITIES.length)] ?? 1 - uniform()

/** Calls `check` with a hundred models, two densities each, the lower one first. */
function onModels(check: (weights: AllocationRequest[], low: number, high: number) => void): void {
  const random = randomStream(1)
  for (let run = 0; run < 100; run++) {
    const densities = [someDensity(random), someDensity(random)]
    check(someWeights(random), Math.min(...densities), Math.max(...densities))
  }
}

/**
 * The duties of an {@link Allocator}. The scores that it sees are of both signs; one that asks for
 * magnitudes gets them from a wrapper:
 * `(weights, density) => mine(weights.map((one) => ({ ...one, scores: one.scores.map(Math.abs) })), density)`.
 *
 * @example
 * ```ts
 * import { proportional } from 'tfjs-prune'
 * import { allocatorLaws } from 'tfjs-prune/testing'
 *
 * for (const { check } of allocatorLaws) await check(() => proportional(({ size }) => 1 / Math.sqrt(size)))
 * ```
 */
export const allocatorLaws: readonly Law<Allocator>[] = [
  {
    law: 'gives each weight a whole number within its minimum and maximum, never above what is left of it',
    check: (make) =>
      onModels((weights, low, high) => {
        for (const density of [low, high]) {
          const counts = make()(weights, density)
          expectSame(counts.length, weights.length, 'the number of counts')
          weights.forEach(({ minimumKept, maximumKept }, i) => {
            const count = counts[i]!
            const within = Number.isInteger(count) && count >= minimumKept && count <= maximumKept
            expectThat(within, `a whole number from ${minimumKept} to ${maximumKept}`, count)
          })
        }
      }),
  },
  {
    law: 'meets the density to half an element a weight where no bound is in the way',
    check: (make) => {
      for (const density of [1, 0.5, 0.25, 0.125, 0.1, 0.0312]) {
        const weights = untouched()
        const wanted = density * sum(weights.map(({ size }) => size))
        const kept = sum(make()(weights, density))
        expectThat(
          Math.abs(kept - wanted) <= weights.length / 2,
          `about ${wanted} elements at ${density}`,
          kept,
        )
      }
    },
  },
  {
    law: 'keeps everything at density 1',
    check: (make) => {
      const weights = untouched()
      const sizes = weights.map(({ size }) => size)
      expectSame([...make()(weights, 1)], sizes, 'the counts at density 1')
    },
  },
  {
    law: 'keeps at least one element of each weight at the lowest density',
    check: (make) => {
      const counts = make()(untouched(), 1e-9)
      expectThat(
        counts.length > 0 && counts.every((count) => count >= 1),
        'counts of at least 1',
        counts,
      )
    },
  },
  {
    law: 'never keeps more in sum at a lower density',
    check: (make) =>
      onModels((weights, low, high) => {
        const [fewer, more] = [low, high].map((density) => sum(make()(weights, density)))
        expectThat(fewer! <= more!, `at most ${more} elements at ${low}, as at ${high}`, fewer)
      }),
  },
  {
    law: 'is pure: the same answer again, and neither scores nor masks are changed',
    check: (make) =>
      onModels((weights, density) => {
        const before = structuredClone(weights)
        const allocate = make()
        const first = [...allocate(weights, density)]
        expectSame([...allocate(weights, density)], first, 'the counts of the second call')
        expectSame([...make()(weights, density)], first, 'the counts of a second one')
        expectSame(weights, before, 'the weights that it was shown')
      }),
  },
]
