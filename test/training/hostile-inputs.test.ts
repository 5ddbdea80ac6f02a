import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { weightBits } from '../prune/support.js'
import { dataTakers, goodLabels, goodRows, takersModel } from '../support/data-takers.js'
import { lateRefusalOf } from '../support/refusal-of.js'

const takers = Object.entries(dataTakers)

/** The good rows with some of them replaced. */
const rowsWith = (others: Readonly<Record<number, unknown>>) =>
  goodRows.map((row, i) => (i in others ? others[i] : [...row]))

/** Class and message of the refusal, without the task; no weight may change, no tensor be left. */
async function refusal(name: string, data: unknown): Promise<string> {
  const model = takersModel()
  const [bits, tensors] = [weightBits(model), memory().numTensors]
  const said = await lateRefusalOf(() => dataTakers[name]!(data as never, model))
  expect(memory().numTensors).toBe(tensors)
  // A best epoch is chosen after an epoch: fit has trained by then.
  if (name !== 'best of fit') expect(weightBits(model)).toEqual(bits)
  model.dispose()
  return said.replace(/Cannot [^:]+: /, '')
}

const one = 'expected rows of one length in xs, got'
const numbers = 'expected finite numbers in xs, all rows of one shape, got'

describe.each(takers)('%s', (name) => {
  test.each<[string, unknown, string]>([
    [
      'a short row',
      rowsWith({ 3: [1, 2] }),
      `TypeError: ${one} 2 values in row 3, the others hold 3`,
    ],
    [
      'a long row',
      rowsWith({ 9: [1, 2, 3, 4] }),
      `TypeError: ${one} 4 values in row 9, the others hold 3`,
    ],
    [
      'a short first row',
      rowsWith({ 0: [1] }),
      `TypeError: ${one} 1 value in row 0, the others hold 3`,
    ],
    ['an empty row', rowsWith({ 5: [] }), `TypeError: ${one} 0 values in row 5, the others hold 3`],
    [
      'rows that balance',
      rowsWith({ 1: [1, 2], 2: [1, 2, 3, 4] }),
      `TypeError: ${one} 2 values in row 1, the others hold 3`,
    ],
    [
      'a typed row',
      rowsWith({ 4: Float32Array.of(1, 2) }),
      `TypeError: ${one} 2 values in row 4, the others hold 3`,
    ],
    ['null for a row', rowsWith({ 2: null }), `TypeError: ${one} null in place of row 2`],
    ['a number for a row', rowsWith({ 2: 7 }), `TypeError: ${one} 7 in place of row 2`],
    ['null', rowsWith({ 2: [1, null, 3] }), `TypeError: ${numbers} null in row 2`],
    ['a hole', rowsWith({ 2: [1, undefined, 3] }), `TypeError: ${numbers} undefined in row 2`],
    ['a text', rowsWith({ 2: [1, '2', 3] }), `TypeError: ${numbers} "2" in row 2`],
    ['a list', rowsWith({ 2: [1, [2], 3] }), `TypeError: ${numbers} a list in row 2`],
    ['a large integer', rowsWith({ 2: [1, 2n, 3] }), `TypeError: ${numbers} bigint in row 2`],
    ['NaN', rowsWith({ 6: [1, Number.NaN, 3] }), `RangeError: ${numbers} NaN in row 6`],
    ['-Infinity', rowsWith({ 6: [1, -1 / 0, 3] }), `RangeError: ${numbers} -Infinity in row 6`],
    ['more than float32', rowsWith({ 6: [1, 1e39, 3] }), `RangeError: ${numbers} 1e+39 in row 6`],
    [
      'NaN in a typed row',
      rowsWith({ 6: Float32Array.of(1, Number.NaN, 3) }),
      `RangeError: ${numbers} NaN in row 6`,
    ],
  ])('refuses %s in xs', async (_what, xs, message) => {
    expect(await refusal(name, { xs, ys: [...goodLabels] })).toBe(message)
  })
})
