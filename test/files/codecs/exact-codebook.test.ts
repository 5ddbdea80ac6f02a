import { tensor } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import * as codebooks from '../../../src/files/codecs/codebook.js'
import * as exact from '../../../src/files/codecs/exact-codebook.js'
import * as centres from '../../../src/files/codecs/nearest-centres.js'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { saveCompressed } from '../../../src/files/save-compressed.js'
import { inOneGo } from '../do-work.js'

const codebookWithAll = inOneGo(codebooks.codebookWithAll)
const exactCodebook = inOneGo(exact.exactCodebook)
const decodeCodebook = inOneGo(centres.decodeCodebook)

const different = (count: number) =>
  Float32Array.from({ length: 3 * count }, (_, i) => Math.fround(Math.sin(1 + (i % count))))

test.each([
  [1, 'codebook4'],
  [16, 'codebook4'],
  [17, 'codebook5'],
  [256, 'codebook8'],
])('exactCodebook gives %i different values back to the bit, by %s', (count, type) => {
  const values = different(count)
  const codebook = exactCodebook(values, 256)!
  expect(codebookWithAll(values)).toBe(type)
  expect(codebook.centres).toHaveLength(count)
  expect(decodeCodebook(codebook)).toEqual(values)
})

test('exactCodebook knows none for 257 different values, nor for values that are not finite', () => {
  expect(exactCodebook(different(257), 256)).toBeUndefined()
  expect(exactCodebook(Float32Array.of(1, Number.NaN, 1), 256)).toBeUndefined()
  expect(exactCodebook(Float32Array.of(1, Number.NEGATIVE_INFINITY), 256)).toBeUndefined()
})

test('saveCompressed in float32 stores a kernel of 200 different values with a byte each, and loses nothing', async () => {
  const model = sequential({
    layers: [layers.dense({ units: 100, inputShape: [100], useBias: false })],
  })
  const drawn = Float32Array.from({ length: 10_000 }, (_, i) =>
    Math.fround(Math.sin(((i * 7919) % 10_007) % 200) / 3),
  )
  model.setWeights([tensor(drawn, [100, 100])])
  let file = new Uint8Array()
  await saveCompressed(model, (bytes) => {
    file = bytes
  })
  expect(file.length).toBeLessThan(10_000 + 4 * 200 + 800)
  const loaded = await loadLayersModel(compressedHandler(file))
  expect(loaded.getWeights()[0]!.dataSync()).toEqual(drawn)
})

test('saveCompressed stores a kernel of few weights in float32 where the table of a codebook would take more', async () => {
  const model = sequential({
    layers: [layers.dense({ units: 4, inputShape: [4], useBias: false })],
  })
  model.setWeights([tensor(different(16).subarray(0, 16), [4, 4])])
  const sizes: number[] = []
  for (const type of ['float32', 'codebook4', 'codebook8'] as const) {
    await saveCompressed(model, (bytes) => sizes.push(bytes.length), { type })
  }
  expect(new Set(sizes).size).toBe(1)
})
