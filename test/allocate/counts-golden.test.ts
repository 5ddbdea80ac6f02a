import { expect, test } from 'vitest'
import { perLayer } from '../../src/allocate/per-layer.js'
import { random } from '../../src/criteria/random.js'
import type { Mask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import golden from '../golden/unstructured.json' with { type: 'json' }
import { modelOfKernels } from '../support/model-of-kernels.js'

/**
 * The density that leaves what PyTorch does not prune, as one would write it: 0.1, where 1 - 0.9 is
 * a little less.
 */
const densityAfter = (amount: number) => Number((1 - amount).toFixed(12))

type Case = (typeof golden.random)[number]

/** The masks by lot after each of the steps. */
async function masksOf({ weights, steps }: Case): Promise<Mask[]> {
  const model = modelOfKernels(weights)
  const masks: Mask[] = []
  let density = 1
  for (const { amount } of steps) {
    const previous = masks.at(-1)
    density *= densityAfter(amount)
    const options = {
      criterion: random({ seed: 4 }),
      allocate: perLayer(),
      ...(previous && { previous }),
    }
    masks.push(await computeMask(model, { density, ...options }))
  }
  model.dispose()
  return masks
}

const countsOf = (mask: Mask) => mask.weights.map(({ kept }) => kept)
const isOfHundreds = ({ net }: Case) => net === 'hundreds'

test.each(golden.random.filter(isOfHundreds))(
  'random and perLayer keep as many as random_unstructured of PyTorch, step by step: $steps.0.amount, $steps.1.amount',
  async (entry) => {
    const [first, second] = await masksOf(entry)
    expect([first!, second!].map(countsOf)).toEqual(entry.steps.map(({ kept }) => kept))
    second!.weights.forEach(({ values }, i) => {
      expect(values.every((bit, at) => bit <= first!.weights[i]!.values[at]!)).toBe(true)
    })
  },
)

test.each(golden.random.filter((one) => !isOfHundreds(one)))(
  'random and perLayer keep as many as random_unstructured of PyTorch: $net, $steps.0.amount',
  async (entry) => {
    const [first, second] = await masksOf(entry)
    expect(countsOf(first!)).toEqual(entry.steps[0]!.kept)
    // A second share is rounded once more in PyTorch, which takes it of the rounded rest; here it
    // is of the whole.
    countsOf(second!).forEach((kept, i) => {
      expect(Math.abs(kept - entry.steps[1]!.kept[i]!)).toBeLessThanOrEqual(1)
    })
  },
)

/** What perLayer keeps of a weight without bounds. */
function countOf({ size, amount }: { size: number; amount: number }): number {
  const place = { name: 'a/kernel', layer: 'a', role: 'kernel', className: 'Dense', shape: [size] }
  const state = {
    size,
    kept: size,
    mask: new Uint8Array(size).fill(1),
    scores: new Float32Array(size),
  }
  return perLayer()(
    [{ ...place, ...state, minimumKept: 0, maximumKept: size }],
    densityAfter(amount),
  )[0]!
}

const isHalf = ({ size, amount }: { size: number; amount: number }) => (size * amount) % 1 === 0.5

test('perLayer keeps as many as l1_unstructured of PyTorch wherever size * amount is no half', () => {
  const others = golden.counts.filter((one) => !isHalf(one))
  expect(others.length).toBeGreaterThan(100)
  expect(others.map(countOf)).toEqual(others.map(({ kept }) => kept))
})

test('perLayer keeps the half, and PyTorch prunes it where it makes an odd number even', () => {
  const halves = golden.counts.filter(isHalf)
  const more = halves.map((one) => countOf(one) - one.kept)
  expect(more).toEqual(halves.map(({ size, amount }) => Math.floor(size * amount) % 2))
  expect(new Set(more)).toEqual(new Set([0, 1]))
})
