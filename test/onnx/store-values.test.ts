import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeFloat16, encodeFloat16 } from '../../src/files/codecs/half-precision.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { toOnnx } from '../../src/onnx/index.js'
import { fillWeights, randomValues, weightsByName } from '../support/weights.js'
import { onnxDifference } from './support/differences.js'
import { storedConstants } from './support/stored-constants.js'

const kernel = 'wide/kernel'
let model: LayersModel
let other: LayersModel

const build = () =>
  fillWeights(
    sequential({
      layers: [
        layers.dense({ units: 64, activation: 'tanh', name: 'wide', inputShape: [96] }),
        layers.dense({ units: 64, name: 'last' }),
      ],
    }),
  )

/** Gives a weight of a model other values. */
const set = (of: LayersModel, name: string, values: Float32Array) =>
  assignValues(modelWeights(of).find((weight) => weight.name === name)!.variable, values)

beforeEach(() => {
  model = build()
  other = build()
  const values = randomValues(96 * 64, 3)
  // Every third place is pruned, and so are all places of unit 5.
  for (let i = 0; i < values.length; i++) if (i % 3 === 0 || i % 64 === 5) values[i] = 0
  set(model, kernel, values)
})
afterEach(() => {
  model.dispose()
  other.dispose()
})

describe('toOnnx with values of int8', () => {
  /** The values that the bytes stand for. */
  async function decoded(name: string): Promise<Float32Array> {
    const constants = storedConstants(await toOnnx(model, { values: 'int8' }))
    const codes = new Int8Array(constants[`${name}:int8`]!.bytes.buffer)
    const steps = new Float32Array(constants[`${name}:steps`]!.bytes.buffer)
    return Float32Array.from(codes, (code, i) => code * steps[i % 64]!)
  }

  test('toOnnx stores a byte a value, and a step for each output channel', async () => {
    const constants = storedConstants(await toOnnx(model, { values: 'int8' }))
    expect(constants[`${kernel}:int8`]).toMatchObject({ type: 'int8', shape: [96, 64] })
    expect(constants[`${kernel}:steps`]).toMatchObject({ type: 'float32', shape: [64] })
    expect(constants['wide/bias']).toMatchObject({ type: 'float32', shape: [64] })
    expect(constants).not.toHaveProperty([kernel])
  })

  test('toOnnx keeps zeros and comes within half a step of the other values', async () => {
    const values = weightsByName(model)[kernel]!
    const got = await decoded(kernel)
    for (const [i, value] of values.entries()) {
      if (value === 0) expect(got[i]).toBe(0)
      expect(Math.abs(got[i]! - value)).toBeLessThan(1 / 127 / 2 + 1e-6)
    }
  })

  test('toOnnx gives a runtime the outputs of the values in the file', async () => {
    for (const name of [kernel, 'last/kernel']) set(other, name, await decoded(name))
    const options = { values: 'int8' } as const
    expect(await onnxDifference(model, { options, beside: other })).toBeLessThan(1e-5)
    expect(await onnxDifference(model, { options })).toBeGreaterThan(1e-5)
  })

  test('toOnnx writes little more than a quarter of the bytes', async () => {
    const whole = (await toOnnx(model)).length
    expect((await toOnnx(model, { values: 'int8' })).length / whole).toBeLessThan(0.3)
  })

  test('toOnnx refuses values that no byte can stand for, by the name of the weight', async () => {
    set(model, kernel, new Float32Array(96 * 64).fill(Number.NaN))
    await expect(toOnnx(model, { values: 'int8' })).rejects.toThrow(
      'Cannot write ONNX: expected finite values in wide/kernel for int8, got NaN at 0',
    )
  })
})

describe('toOnnx with values of float16', () => {
  const options = { values: 'float16' } as const

  test('toOnnx stores the nearest halves of kernels, and a runtime computes with them', async () => {
    const values = weightsByName(model)[kernel]!
    const stored = storedConstants(await toOnnx(model, options))[`${kernel}:float16`]!
    expect(stored).toMatchObject({ type: 'half', shape: [96, 64] })
    const halves = encodeFloat16(values)
    expect(new Uint16Array(stored.bytes.buffer)).toEqual(halves)
    for (const name of [kernel, 'last/kernel'])
      set(other, name, decodeFloat16(encodeFloat16(weightsByName(model)[name]!)))
    expect(await onnxDifference(model, { options, beside: other })).toBeLessThan(1e-5)
  })

  test('toOnnx refuses values beyond half precision, by the name of the weight', async () => {
    set(model, kernel, new Float32Array(96 * 64).fill(65_505))
    await expect(toOnnx(model, options)).rejects.toThrow(
      'expected values between -65504 and 65504 in wide/kernel for float16, got 65505 at 0',
    )
  })

  test('toOnnx leaves no tensors', async () => {
    await expect(() => toOnnx(model, options)).toLeaveNoTensors()
  })
})
