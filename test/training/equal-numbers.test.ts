import { type DataType, memory, type Tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { dataTakers, goodLabels, goodRows, takersModel } from '../support/data-takers.js'

/** Grey values: their squares and sums overflow in integers of a byte, not in float32. */
const bytes = goodRows.map((_, i) => [(37 * i) % 256, (91 * i) % 256, 255 - 20 * i])
const bits = goodRows.map((_, i) => [i % 2, Number(i > 4), Number(i % 3 === 0)])

const rows = () => bytes.map((row) => [...row])
const ofType = (rows: number[][], dtype: DataType) => () =>
  tensor2d(rows, [10, 3], dtype as 'int32')

/** The same numbers in all forms that `xs` may have. */
const forms: readonly [string, number[][], () => unknown][] = [
  ['an int32 tensor', bytes, ofType(bytes, 'int32')],
  ['a list of one tensor', bytes, () => [ofType(bytes, 'int32')()]],
  ['inputs by name', bytes, () => ({ hidden_input: ofType(bytes, 'int32')() })],
  ['rows by name', bytes, () => ({ hidden_input: rows() })],
  ['rows of numbers', bytes, rows],
  ['rows of Float32Array', bytes, () => bytes.map((row) => Float32Array.from(row))],
  ['rows of Float64Array', bytes, () => bytes.map((row) => Float64Array.from(row))],
  ['rows of Uint8Array', bytes, () => bytes.map((row) => Uint8Array.from(row))],
  ['a bool tensor', bits, ofType(bits, 'bool')],
  ['rows of true and false', bits, () => bits.map((row) => row.map(Boolean))],
]

const tensorsIn = (xs: unknown) =>
  (Array.isArray(xs)
    ? xs
    : typeof xs === 'object' && !('dataId' in xs!)
      ? Object.values(xs!)
      : [xs]
  ).filter((one): one is Tensor => typeof one === 'object' && 'dataId' in one)

async function resultOf(
  name: string,
  xs: unknown,
  ys: unknown = [...goodLabels],
): Promise<unknown> {
  const model = takersModel()
  const before = memory().numTensors
  const result = await dataTakers[name]!({ xs, ys } as never, model)
  expect(memory().numTensors).toBe(before)
  model.dispose()
  return result
}

describe.each(Object.keys(dataTakers))('%s', (name) => {
  test.each(forms)('gives the same, to the last bit, for %s', async (_form, numbers, make) => {
    const [plain, xs] = [ofType(numbers, 'float32')(), make()]
    expect(await resultOf(name, xs)).toEqual(await resultOf(name, plain))
    for (const one of [plain, ...tensorsIn(xs)]) one.dispose()
  })

  test.each<DataType>(['int32', 'bool', 'float32'])(
    'gives the same, to the last bit, for labels of dtype %s',
    async (dtype) => {
      const ys = tensor1d(goodLabels, dtype as 'int32')
      expect(await resultOf(name, rows(), ys)).toEqual(await resultOf(name, rows()))
      ys.dispose()
    },
  )

  test('says that its data were disposed, and leaves no tensor', async () => {
    const [gone, ys] = [tensor2d(bytes), tensor1d(goodLabels)]
    gone.dispose()
    await expect(resultOf(name, gone)).rejects.toThrow(
      /^Cannot .*: expected xs that lives until the work has ended, got a disposed tensor: dispose/,
    )
    await expect(resultOf(name, [gone])).rejects.toThrow(/expected xs that lives/)
    ys.dispose()
    if (name !== 'reEstimateBatchNorm')
      await expect(resultOf(name, rows(), ys)).rejects.toThrow(/expected ys that lives/)
  })
})
