import { memory } from '@tensorflow/tfjs-core'
import {
  computeMask,
  globally,
  gradualPruner,
  magnitude,
  pruneWeights,
  units,
  wanda,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'

const pieces = [
  { name: 'criterion', kind: 'a criterion', factory: magnitude },
  { name: 'criterion', kind: 'a criterion', factory: wanda },
  { name: 'allocate', kind: 'an allocator', factory: globally },
  { name: 'granularity', kind: 'a granularity', factory: units },
]

describe.each<[string, (model: ReturnType<typeof smallModel>, piece: object) => Promise<unknown>]>([
  ['computeMask', (model, piece) => computeMask(model, { density: 0.5, ...piece })],
  ['pruneWeights', (model, piece) => pruneWeights(model, { density: 0.5, ...piece })],
  ['gradualPruner', (model, piece) => gradualPruner(model, { density: 0.5, end: 2, ...piece })],
])('%s', (caller, prunes) => {
  test.each(pieces)(`${caller} names a factory that was not called: %o`, async (piece) => {
    const { name, kind, factory } = piece
    const model = smallModel()
    const [before, tensors] = [weightBits(model), memory().numTensors]
    expect(await lateRefusalOf(() => prunes(model, { [name]: factory }))).toBe(
      `TypeError: Cannot prune: expected ${name} to be ${kind}, got a factory: ${factory.name} is a function that makes ${kind}: call it, ${factory.name}()`,
    )
    expect(weightBits(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    model.dispose()
  })
})
