import fc from 'fast-check'
import type { AllocationRequest } from '../../src/types.js'

/** A request that says no more than the scores, or what the caller fills in. */
export function request(
  scores: ArrayLike<number>,
  parts: Partial<AllocationRequest> = {},
): AllocationRequest {
  const size = scores.length
  const mask = parts.mask ?? new Uint8Array(size).fill(1)
  const kept = mask.reduce((sum, value) => sum + value, 0)
  const bounds = { minimumKept: Math.min(1, kept), maximumKept: kept }
  const place = { name: 'layer/kernel', layer: 'layer', shape: [size], size, kept, mask }
  return { ...place, ...bounds, scores: Float32Array.from(scores), ...parts }
}

/** Scores with many ties, both zeros and both signs. */
const scores = (size: number) =>
  fc.array(fc.constantFrom(-2, -1.5, -1, -0, 0, 0.5, 1, 1.5, 2, 3), {
    minLength: size,
    maxLength: size,
  })

interface RequestOptions {
  /** Weights of the model. @default up to 4 */
  readonly maximumWeights?: number
  /** Elements of a weight. @default up to 12 */
  readonly maximumSize?: number
  /** Minimum and maximum other than 1 and all. @default true */
  readonly bounds?: boolean
}

/** Models of a few weights with random scores, previous masks and bounds. */
export function allocationRequests(
  options: RequestOptions = {},
): fc.Arbitrary<AllocationRequest[]> {
  const { maximumWeights = 4, maximumSize = 12, bounds = true } = options
  const bit = fc.constantFrom(0, 1, 1)
  const one = fc.integer({ min: 1, max: maximumSize }).chain((size) =>
    fc
      .record({
        scores: scores(size),
        mask: fc.array(bit, { minLength: size, maxLength: size }),
        sure: fc.nat(size - 1),
        ends: fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
      })
      .map(({ scores: values, mask: bits, sure, ends }) => {
        const mask = Uint8Array.from(bits)
        mask[sure] = 1
        const kept = mask.reduce((sum, value) => sum + value, 0)
        const [low, high] = ends
          .map((end) => 1 + Math.floor(end * (kept - 1)))
          .sort((a, b) => a - b)
        return request(values, bounds ? { mask, minimumKept: low!, maximumKept: high! } : { mask })
      }),
  )
  return fc
    .array(one, { minLength: 1, maxLength: maximumWeights })
    .map((weights) =>
      weights.map((weight, i) => ({ ...weight, name: `layer_${i}/kernel`, layer: `layer_${i}` })),
    )
}

/** Densities in (0, 1], round ones and crooked ones. */
export const densities = fc.oneof(
  fc.constantFrom(1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 1e-6),
  fc.double({ min: Number.EPSILON, max: 1, noNaN: true }),
)
