import { type LayersModel, layers, model as modelOf, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { whileBusy } from '../../src/internal/busy-models.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const headOf = ({ inputs, outputs }: LayersModel) => {
  const scores = layers.dense({ units: 1 }).apply(outputs[0]!) as (typeof outputs)[0]
  return modelOf({ inputs, outputs: scores! })
}

const around = (inner: LayersModel) => {
  inner.name = 'inner'
  return sequential({ layers: [inner, layers.dense({ units: 1 })] })
}

const frozen = (model: LayersModel) => {
  const head = headOf(model)
  for (const layer of model.layers) layer.trainable = false
  return head
}

describe('whileBusy', () => {
  test.each([
    ['a head on its layers', headOf, 'hidden and 1 more', 'hidden and 1 more'],
    [
      'a head on its frozen layers',
      frozen,
      'hidden and 1 more (frozen, which a run writes too)',
      'hidden and 1 more (frozen, which a run writes too)',
    ],
    ['a model around it', around, 'inner/hidden and 1 more', 'hidden and 1 more'],
    ['itself', (model: LayersModel) => model, undefined, undefined],
  ])('whileBusy refuses %s, either way round, until the work ends', async (_, make, ...names) => {
    const base = smallModel()
    const other = make(base)
    for (const [first, second, layer] of [
      [base, other, names[0]],
      [other, base, names[1]],
    ] as const) {
      let end = () => {}
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      const work = whileBusy(first, () => ended)
      const asked = () => whileBusy(second, async () => 'done', 'certify')
      expect(await lateRefusalOf(asked)).toBe(
        `Error: Cannot certify: expected the model ${second.name} to be free, got one that ${
          layer === undefined
            ? 'another run is at work on'
            : `has the layer ${layer} in common with ${first.name}, which another run is at work on: wait for its end, or build the model with layers of its own`
        }`,
      )
      // A refusal frees nothing.
      expect(await lateRefusalOf(asked)).toContain('to be free')
      end()
      await work
      expect(await asked()).toBe('done')
    }
  })

  test('whileBusy lets a model with weights of its own be', async () => {
    const [one, other] = [smallModel(), smallModel()]
    expect(await whileBusy(one, () => whileBusy(other, async () => 'done'))).toBe('done')
  })
})
