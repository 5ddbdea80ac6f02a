import { tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { bitsOf, countAlive, countRevived, weightsByName } from '../support/weights.js'

const outKernel = (values: Uint8Array, shape = [6, 2]) => ({
  name: 'out/kernel',
  layer: 'out',
  role: 'kernel',
  shape,
  values,
})

test('applyMask leaves +0 at pruned places and the kept ones as they are to the last bit', async () => {
  const model = smallModel()
  const before = weightsByName(model)
  const mask = await computeMask(model, { density: 0.25 })
  applyMask(model, mask)
  expect([countRevived(model, mask), countAlive(model, mask)]).toEqual([0, 9])
  const after = weightsByName(model)
  for (const { name, values } of mask.weights) {
    const wanted = before[name]!.map((value, i) => (values[i] === 1 ? value : 0))
    expect(bitsOf(after[name]!)).toEqual(bitsOf(wanted))
  }
  expect(after['out/bias']).toEqual(before['out/bias'])
})

test('applyMask keeps -0, denormals and the largest numbers, and clears infinities and NaN', () => {
  const model = smallModel()
  const awkward = Float32Array.of(
    -0,
    1e-45,
    -1e-40,
    3.4028235e38,
    -1,
    1,
    Number.NaN,
    Infinity,
    -Infinity,
    -1e-45,
    -0,
    -2,
  )
  const { variable } = modelWeights(model).find(({ name }) => name === 'out/kernel')!
  variable.assign(tensor(awkward, [6, 2]))
  applyMask(model, createMask([outKernel(Uint8Array.of(1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0))], 44))
  const wanted = awkward.map((value, i) => (i < 6 ? value : 0))
  expect(bitsOf(variable)).toEqual(bitsOf(wanted))
})

test('applyMask changes nothing the second time', async () => {
  const model = smallModel()
  const mask = await computeMask(model, { density: 0.5 })
  applyMask(model, mask)
  const once = weightsByName(model)
  applyMask(model, mask)
  expect(weightsByName(model)).toEqual(once)
})

test('applyMask leaves no tensor behind', async () => {
  const model = smallModel()
  const mask = await computeMask(model, { density: 0.5 })
  await expect(() => applyMask(model, mask)).toLeaveNoTensors()
})

test('applyMask changes nothing when a part of the mask does not fit', () => {
  const model = smallModel()
  const before = weightsByName(model)
  const zeros = new Uint8Array(24)
  const hidden = {
    name: 'hidden/kernel',
    layer: 'hidden',
    role: 'kernel',
    shape: [4, 6],
    values: zeros,
  }
  const lost = { ...hidden, name: 'lost/kernel' }
  const turned = createMask([hidden, outKernel(new Uint8Array(12), [2, 6])], 44)
  expect(refusalOf(() => applyMask(model, createMask([hidden, lost], 48)))).toContain(
    'RangeError: Cannot use the mask: expected the weight lost/kernel in the model, got hidden/kernel',
  )
  expect(refusalOf(() => applyMask(model, turned))).toBe(
    'TypeError: Cannot use the mask: expected shape [6, 2] for out/kernel, got [2, 6]',
  )
  expect(weightsByName(model)).toEqual(before)
})
