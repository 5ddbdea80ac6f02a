import { getBackend } from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { fisher } from '../../src/criteria/fisher.js'
import { forClasses } from '../../src/criteria/for-classes.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { unitTaylor } from '../../src/criteria/unit-taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Criterion } from '../../src/types.js'
import { distance } from '../losses/gradient-of.js'
import { type CaseName, goldenCases, goldenModel, goldenSamples } from './golden-cases.js'
import { scoresIn } from './scores-of.js'

beforeAll(() => {
  if (getBackend() === 'wasm') registerWasmGradients()
})

type Weights = readonly number[]

/**
 * Criteria by their name in the file, given the weights of the classes; `batchSize` where it is not
 * the file's.
 */
const criteria: Readonly<
  Record<string, { make: (lambdas: Weights) => Criterion; batchSize?: number }>
> = {
  taylor: { make: taylor },
  unitTaylor: { make: unitTaylor },
  snip: { make: snip },
  fisher: { make: fisher, batchSize: 1 },
  wanda: { make: () => wanda() },
  wandaInLayer: { make: () => wanda({ compare: 'layer' }) },
  averagePercentageOfZeros: { make: averagePercentageOfZeros },
  taylorForClasses: { make: (lambdas) => forClasses(taylor(), lambdas) },
  snipForClasses: { make: (lambdas) => forClasses(snip(), lambdas) },
  wandaForClasses: { make: (lambdas) => forClasses(wanda({ compare: 'layer' }), lambdas) },
}

const names = ['mlp', 'cnn'] as const

test.each(
  names.flatMap((net) => Object.keys(criteria).map((name): [string, CaseName] => [name, net])),
)('%s scores as PyTorch and NumPy say: %s', async (name, net) => {
  const { make, batchSize } = criteria[name]!
  const { lambdas, scores: wanted } = goldenCases[net]
  const model = goldenModel(net)
  const samples = goldenSamples(net, batchSize)
  const scores = await scoresIn(model, make(lambdas), { samples })
  expect(Object.keys(scores)).toEqual(Object.keys(wanted[name]!))
  for (const [weight, values] of Object.entries(scores)) {
    expect(distance(values, wanted[name]![weight]!)).toBeLessThan(2e-5)
  }
  samples.xs.dispose()
  model.dispose()
})

test.each(names.flatMap((net) => goldenCases[net].synFlow.map((one) => ({ net, ...one }))))(
  'synFlow keeps what the iteration in PyTorch keeps: $net, density $density in $steps steps',
  async ({ net, density, steps, masks }) => {
    const model = goldenModel(net)
    const { weights } = await computeMask(model, {
      density,
      criterion: synFlow({ steps }),
      allocate: globally(),
    })
    expect(Object.fromEntries(weights.map(({ name, values }) => [name, [...values]]))).toEqual(
      masks,
    )
    model.dispose()
  },
)
