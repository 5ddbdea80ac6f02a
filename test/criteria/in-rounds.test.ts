import { train } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { averagePercentageOfZeros } from '../../src/criteria/average-percentage-of-zeros.js'
import { forClasses } from '../../src/criteria/for-classes.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { maximumOf } from '../../src/criteria/maximum-of.js'
import { normalised } from '../../src/criteria/normalised.js'
import { protecting } from '../../src/criteria/protecting.js'
import { snip } from '../../src/criteria/snip.js'
import { synFlow } from '../../src/criteria/syn-flow.js'
import { taylor } from '../../src/criteria/taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { createMask } from '../../src/masks/mask.js'
import { prune } from '../../src/prune.js'
import { densityList } from '../../src/schedules/density-list.js'
import { never } from '../../src/stopping/never.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'
import type { Criterion } from '../../src/types.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'

const ys = Array.from({ length: 12 }, (_, i) => i % 2)
const data = { xs: ys.map((label, i) => [label, ...randomValues(3, 30 + i)]), ys }
const place = { name: 'out/kernel', layer: 'out', role: 'kernel' }
const first = createMask(
  [{ ...place, shape: [6, 2], values: Uint8Array.from({ length: 12 }, (_, i) => Number(i < 3)) }],
  44,
)

const criteria: Record<string, () => Criterion> = {
  synFlow: () => synFlow({ steps: 4 }),
  snip,
  'forClasses of taylor': () => forClasses(normalised(taylor(), 'sum'), [1, 5]),
  'maximumOf two kinds': () => maximumOf(wanda(), normalised(averagePercentageOfZeros(), 'rank')),
  protecting: () => protecting(maximumOf(taylor(), magnitude()), first),
}

test.each(Object.keys(criteria))('prune takes %s round after round', async (name) => {
  const samples = { ...data, batchSize: 5 }
  const run = () =>
    prune(smallModel(), {
      train: fit(data, {
        loss: weightedCrossentropy(),
        epochs: 2,
        optimizer: () => train.sgd(0.1),
        seed: 1,
      }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: densityList([1, 0.5, 0.25]),
      stop: never(),
      allocate: globally(),
      criterion: criteria[name]!(),
      samples,
    })
  const [{ rounds }, again] = [await run(), await run()]
  expect(rounds.map(({ kept }) => kept)).toEqual([36, 18, 9])
  for (const [i, { mask }] of rounds.entries()) expect(mask).toEqual(again.rounds[i]!.mask)
  if (name === 'protecting')
    expect([...rounds[2]!.mask.weights[1]!.values.slice(0, 3)]).toEqual([1, 1, 1])
})
