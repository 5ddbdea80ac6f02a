import { abs, cast, memory, mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { hostScoresOf } from '../../src/criteria/host-scores.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { magnitudeIncrease } from '../../src/criteria/magnitude-increase.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { lookAtValues } from '../../src/step/look-at-values.js'
import type { Criterion, ScoredWeight } from '../../src/types.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { weightsByName } from '../support/weights.js'

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** A model with one weight that is not finite. */
function withBad(value: number) {
  const model = smallModel()
  const { variable } = modelWeights(model).find(({ name }) => name === 'out/kernel')!
  const values = (variable.dataSync() as Float32Array).slice()
  values[7] = value
  assignValues(variable, values)
  return model
}

const initial = () => weightsByName(smallModel())
const hidden: Criterion = ({ final }) => tensor(new Float32Array(final.size).fill(1), final.shape)

test.each(BAD)('computeMask names a weight of %s, whether scores show it or not', async (value) => {
  const wanted = `RangeError: Cannot score out/kernel: expected finite weights, got ${value} at index 7`
  for (const criterion of [magnitude(), magnitudeIncrease(), hidden, undefined]) {
    const options = { density: 0.5, initial: initial(), ...(criterion && { criterion }) }
    expect(await lateRefusalOf(() => computeMask(withBad(value), options))).toBe(wanted)
  }
})

test('computeMask names a weight that is not finite where the previous mask is 0', async () => {
  const previous = await computeMask(smallModel(), { density: 0.5 })
  const at = previous.weights[1]!.values.indexOf(0)
  const model = withBad(1)
  const { variable } = modelWeights(model).find(({ name }) => name === 'out/kernel')!
  const values = (variable.dataSync() as Float32Array).slice()
  values[at] = Number.NaN
  assignValues(variable, values)
  for (const criterion of [magnitude(), hidden])
    expect(
      await lateRefusalOf(() => computeMask(model, { density: 0.25, criterion, previous })),
    ).toBe(`RangeError: Cannot score out/kernel: expected finite weights, got NaN at index ${at}`)
})

test.each([
  ['magnitude', magnitude()],
  ['magnitudeIncrease', magnitudeIncrease()],
])('%s says that its scores show what is not finite, and they do', (_, criterion) => {
  expect(criterion.showsNonFinite).toBe(true)
  const final = tensor([...BAD, ...BAD, 3.4e38])
  const before = tensor([0, 1, -1, ...BAD.toReversed(), -3.4e38])
  const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: final }
  const scores = criterion({ ...place, initial: before, final }).dataSync()
  expect([...scores].map(Number.isFinite)).toEqual([...new Array(6).fill(false), true])
})

test('magnitude scores on the host as by its tensor, to the last bit, and changes no weight', async () => {
  const model = smallModel()
  const weight = modelWeights(model).find(({ name }) => name === 'out/kernel')!
  const values = (weight.variable.dataSync() as Float32Array).slice()
  values.set([-0, 0, 1e-45, -1e-45, 3.4e38, -3.4e38])
  assignValues(weight.variable, values)
  const { numTensors } = memory()
  const found = await lookAtValues(weight.variable, hostScoresOf(magnitude())!)
  const scored = tidy(() => abs(weight.variable).dataSync() as Float32Array)
  const bits = (floats: Float32Array) => [...new Int32Array(floats.slice().buffer)]
  expect(bits(found!)).toEqual(bits(scored))
  expect(bits(weight.variable.dataSync() as Float32Array)).toEqual(bits(values))
  expect(memory().numTensors).toBe(numTensors)
})

/** On cpu, tfjs casts to float32 in name alone: the values stay in an array of another type. */
const castFrom = (type: 'int32' | 'bool', values: number[], shape: number[]) =>
  cast(tensor(values, shape, type), 'float32')

test.each(['int32', 'bool'] as const)('magnitude ranks weights of %s as floats', async (type) => {
  const model = smallModel()
  const options = { density: 0.5, criterion: magnitude(), allocate: globally() }
  const most = type === 'bool' ? 1 : 5
  for (const { variable } of modelWeights(model)) {
    const values = Array.from({ length: variable.size }, (_, i) => (i % (most + 1)) - (most >> 1))
    variable.assign(castFrom(type, values, variable.shape))
  }
  const cut = await computeMask(model, options)
  for (const { variable } of modelWeights(model))
    assignValues(variable, Float32Array.from(variable.dataSync()))
  const wanted = await computeMask(model, options)
  expect(cut.weights.map(({ values }) => values)).toEqual(wanted.weights.map((w) => w.values))
})

test('a criterion may answer with what tfjs casts to float32', async () => {
  const criterion: Criterion = ({ final }) =>
    castFrom(
      'bool',
      Array.from({ length: final.size }, (_, i) => i % 2),
      final.shape,
    )
  const { weights } = await computeMask(smallModel(), { density: 0.5, criterion })
  for (const { values } of weights) expect(values).toEqual(values.map((_, i) => i % 2))
})

test('a criterion made of magnitude is asked itself', async () => {
  const turned: Criterion = (weight) => mul(magnitude()(weight), -1)
  expect(hostScoresOf(turned)).toBeUndefined()
  const model = smallModel()
  const [least, most] = await Promise.all(
    [turned, magnitude()].map((criterion) => computeMask(model, { density: 0.5, criterion })),
  )
  expect(least!.weights.map(({ values }) => values.join())).not.toEqual(
    most!.weights.map(({ values }) => values.join()),
  )
})

test('lookAtValues refuses a variable that is disposed', async () => {
  const { variable } = modelWeights(smallModel())[0]!
  variable.dispose()
  await expect(lookAtValues(variable, () => 1)).rejects.toThrow('disposed')
})

test('a criterion may look at the mask in a tidy of its own, again, and not at all', async () => {
  const model = smallModel()
  const previous = await computeMask(model, { density: 0.5 })
  const seen: string[] = []
  const looks: Record<string, (weight: ScoredWeight) => Tensor> = {
    'in a tidy': (weight) => {
      seen.push(tidy(() => mul(weight.mask, 2).dataSync()).join())
      return mul(abs(weight.final), weight.mask)
    },
    spread: (weight) => {
      const { mask, final } = { ...weight }
      seen.push(mul(mask, 2).dataSync().join())
      return mul(abs(final), mask)
    },
    never: ({ final }) => abs(final),
  }
  const wanted = previous.weights.map(({ values }) => values.map((value) => 2 * value).join())
  const { numTensors } = memory()
  for (const criterion of Object.values(looks)) {
    const mask = await computeMask(model, { density: 0.25, criterion, previous })
    expect(mask.weights.map(({ kept }) => kept)).toEqual([6, 3])
  }
  expect(seen).toEqual([...wanted, ...wanted])
  expect(memory().numTensors).toBe(numTensors)
})
