import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { compressedTypes } from '../../src/files/codecs/codecs.js'
import { compressedHandler, saveCompressed, sizeReport } from '../../src/files/index.js'
import type { CompressedType } from '../../src/files/model/value-type.js'
import { randomStream } from '../../src/internal/random.js'
import { bitsOf, randomValues } from '../support/weights.js'

/** A kernel of so many inputs and outputs with these values. */
function modelOf(values: Float32Array, outputs = 60) {
  const inputs = values.length / outputs
  const dense = layers.dense({ name: 'out', units: outputs, inputShape: [inputs], useBias: false })
  const model = sequential({ layers: [dense] })
  model.setWeights([tensor(values, [inputs, outputs])])
  return model
}

/** Saves, and tells the type that the kernel took, its bytes, and the bits that come back. */
async function saved(values: Float32Array, type: CompressedType) {
  let file = new Uint8Array()
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  const { weights } = await saveCompressed(modelOf(values), take, { type })
  const loaded = await loadLayersModel(compressedHandler(file))
  const bits = bitsOf(loaded.getWeights()[0] as Tensor)
  loaded.dispose()
  expect(weights).toHaveLength(1)
  expect(weights[0]!.name).toBe('out/kernel')
  return { taken: weights[0]!.type, bytes: weights[0]!.bytes, bits }
}

const bitsIn = (values: Float32Array) => [...new Uint32Array(values.buffer.slice(0))]

/** Whole numbers of at most eleven bits times a power of two: half precision holds them. */
function halves(count: number): Float32Array {
  const { uniform } = randomStream(4)
  return Float32Array.from({ length: count }, () => {
    const whole = 1 + Math.floor(uniform() * 2047)
    return (uniform() < 0.5 ? -whole : whole) * 2 ** -Math.ceil(14 * uniform())
  })
}

describe('saveCompressed, types that are larger than no loss at all', () => {
  it('saveCompressed as int8 keeps the 150 values of a model that was quantised before, in fewer bytes', async () => {
    const { uniform } = randomStream(3)
    // Channels of different sizes on one line of 8 bits: int8 spreads each over all its codes.
    const values = Float32Array.from({ length: 24_000 }, (_, i) => {
      const code = Math.round((3 + (i % 60)) * (uniform() + uniform() + uniform() - 1.5))
      return Math.fround((code || 1) * 0.0123)
    })
    const exact = await saved(values, 'float32')
    const narrow = await saved(values, 'int8')
    expect(narrow).toEqual(exact)
    expect(narrow.taken).toBe('codebook8')
    expect(narrow.bits).toEqual(bitsIn(values))
  })

  it('saveCompressed narrows weights whose exact form is larger', async () => {
    const values = randomValues(6000)
    const exact = await saved(values, 'float32')
    expect(exact.taken).toBe('float32')
    for (const type of ['codebook4', 'int8', 'float16'] as const) {
      const narrow = await saved(values, type)
      expect(narrow.taken).toBe(type)
      expect(narrow.bytes).toBeLessThan(exact.bytes)
    }
  })

  it('saveCompressed chooses weight by weight, and no type makes any of them larger', async () => {
    const { uniform } = randomStream(9)
    const few = Float32Array.from({ length: 2400 }, () => 0.1 * (1 + Math.floor(20 * uniform())))
    for (const values of [few, halves(2400), randomValues(2400), randomValues(60)]) {
      const exact = await saved(values, 'float32')
      expect(exact.bits).toEqual(bitsIn(values))
      for (const type of compressedTypes) {
        const { taken, bytes, bits } = await saved(values, type)
        expect(bytes).toBeLessThanOrEqual(exact.bytes)
        if (taken !== type) expect(bits).toEqual(exact.bits)
      }
    }
  })

  it('sizeReport tells the type that each weight takes', async () => {
    const { uniform } = randomStream(5)
    const coarse = Float32Array.from({ length: 3000 }, () => 0.1 * (1 + Math.floor(9 * uniform())))
    const model = sequential({
      layers: [
        layers.dense({ name: 'coarse', units: 50, inputShape: [60] }),
        layers.dense({ name: 'fine', units: 60 }),
      ],
    })
    const [, bias, , last] = model.getWeights()
    model.setWeights([tensor(coarse, [60, 50]), bias!, tensor(randomValues(3000), [50, 60]), last!])
    const { weights, files } = await sizeReport(model)
    const [first, , second] = weights
    expect(first!.takes).toMatchObject({ float16: 'codebook4', float32: 'codebook4' })
    expect(second!.takes).toEqual(Object.fromEntries(compressedTypes.map((type) => [type, type])))
    for (const { file, type, bytes } of files) {
      if (file === 'stock') continue
      let length = 0
      const { weights: lines } = await saveCompressed(
        model,
        (one) => {
          length = one.length
        },
        { type: type as CompressedType },
      )
      expect(bytes).toBe(length)
      const taken = weights.map(({ takes }) => takes[type as CompressedType])
      expect(lines.map((line) => line.type)).toEqual(taken)
    }
  })
})

describe('saveCompressed, values that half precision holds', () => {
  it('saveCompressed without loss stores them in two bytes each', async () => {
    const values = halves(6000)
    const { taken, bytes, bits } = await saved(values, 'float32')
    expect(taken).toBe('float16')
    expect(bytes).toBeLessThanOrEqual(2 * 6000)
    expect(bits).toEqual(bitsIn(values))
  })

  it('saveCompressed needs every one of them to be exact', async () => {
    const values = halves(6000)
    new Uint32Array(values.buffer)[4321]! ^= 1
    const { taken, bits } = await saved(values, 'float32')
    expect(taken).toBe('float32')
    expect(bits).toEqual(bitsIn(values))
  })

  it.each<[string, number, CompressedType]>([
    ['infinity', 0x7f800000, 'float16'],
    ['the NaN of arithmetic', 0x7fc00000, 'float16'],
    ['a NaN with a number of its own', 0x7fc00001, 'float32'],
    ['65504, the largest of half precision', 0x477fe000, 'float16'],
    ['65536, the next power of two', 0x47800000, 'float32'],
    ['2^-24, the least of half precision', 0x33800000, 'float16'],
    ['2^-25', 0x33000000, 'float32'],
  ])('saveCompressed keeps the bits of %s', async (_, pattern, type) => {
    const values = halves(6000)
    const bits = new Uint32Array(values.buffer)
    bits[77] = pattern
    const outcome = await saved(values, 'float32')
    expect(outcome.taken).toBe(type)
    expect(outcome.bits).toEqual(bitsIn(values))
  })

  it('saveCompressed writes no -0, in half precision neither', async () => {
    const values = halves(6000)
    values[10] = -0
    values[11] = 0
    const { taken, bits } = await saved(values, 'float32')
    expect(taken).toBe('float16')
    values[10] = 0
    expect(bits).toEqual(bitsIn(values))
  })
})
