import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { io, type Variable } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { certifyScores } from '../../src/certify/certify-scores.js'
import { decisionThreshold, setDecisionThreshold } from '../../src/certify/decision-threshold.js'
import { compressedTypes } from '../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../src/files/compressed-handler.js'
import { saveCompressed } from '../../src/files/save-compressed.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { withMasks } from '../../src/layers/with-masks.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { bitsOf, weightsByName } from '../support/weights.js'
import { collecting } from './collecting.js'
import { pack, takeApart } from './container/forge.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compressed-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function loadedWeights(
  ...args: Parameters<typeof compressedHandler>
): Promise<Record<string, Float32Array>> {
  const loaded = await loadLayersModel(compressedHandler(...args))
  const weights = weightsByName(loaded)
  loaded.dispose()
  return weights
}

/** Bits of all weights of the small model with every fourth one at +0. */
function maskedBits(model: LayersModel): Record<string, number[]> {
  const all = Object.entries(weightsByName(model))
  return Object.fromEntries(
    all.map(([name, values]) => [name, bitsOf(values.map((v, i) => (i % 4 === 3 ? 0 : v)))]),
  )
}

const bitsByName = (weights: Record<string, Float32Array>) =>
  Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, bitsOf(values)]))

describe('saveCompressed', () => {
  test('writes one file under a path, which a path, a file:// URL and its bytes load', async () => {
    const model = smallModel()
    const path = join(folder, 'model.tfpr')
    const { modelArtifactsInfo } = await saveCompressed(model, path, { mask: everyFourth(model) })
    const bytes = readFileSync(path)
    expect(modelArtifactsInfo).toMatchObject({
      weightDataBytes: bytes.length,
      modelTopologyType: 'JSON',
    })
    const { buffer } = new Uint8Array(bytes)
    for (const source of [path, `file://${path}`, pathToFileURL(path).href, bytes, buffer]) {
      expect(bitsByName(await loadedWeights(source))).toEqual(maskedBits(model))
    }
    expect(readdirSync(folder)).toEqual(['model.tfpr'])
  })

  test('replaces a file as a whole, and leaves it as it was when the new one cannot be written', async () => {
    const path = join(folder, 'twice.tfpr')
    await saveCompressed(smallModel(1), path)
    await saveCompressed(smallModel(2), path)
    expect(bitsByName(await loadedWeights(path))).toEqual(bitsByName(weightsByName(smallModel(2))))
    rmSync(path)
    // Nothing can be renamed over a folder.
    const occupied = join(folder, 'occupied')
    mkdirSync(join(occupied, 'inner'), { recursive: true })
    const message = await lateRefusalOf(() => saveCompressed(smallModel(), occupied))
    const cannot = 'Error: Cannot save the compressed model: expected'
    expect(message).toBe(`${cannot} a path of a file, got a folder or a device, ${occupied}`)
    expect(readdirSync(occupied)).toEqual(['inner'])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    writeFileSync(join(folder, 'file'), 'not a folder')
    const below = await lateRefusalOf(() =>
      saveCompressed(smallModel(), join(folder, 'file', 'a.tfpr')),
    )
    expect(below).toMatch(`${cannot} to make the folder ${join(folder, 'file')}, got `)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('not a folder')
  })

  test('makes the folder of the file, as fileHandler does, and takes any name', async () => {
    const path = join(folder, 'not there', 'yet', 'Größe 1? #2 100%.tfpr')
    await saveCompressed(smallModel(), path)
    expect(bitsByName(await loadedWeights(path))).toEqual(bitsByName(weightsByName(smallModel())))
  })

  test('refuses data: and blob: URLs, which are no paths', async () => {
    for (const url of ['data:application/octet-stream,', 'blob:nodedata:0']) {
      const message = await lateRefusalOf(() => saveCompressed(smallModel(), url))
      expect(message).toContain(
        `expected a URL that tfjs has one save handler for here, got ${url}`,
      )
    }
  })

  test('hands the bytes to a function and waits for it', async () => {
    const seen: string[] = []
    await saveCompressed(smallModel(), async (bytes) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      seen.push(new TextDecoder().decode(bytes.subarray(0, 4)))
    })
    expect(seen).toEqual(['TFPR'])
    const failing = saveCompressed(smallModel(), () =>
      Promise.reject(new Error('the disk is full')),
    )
    await expect(failing).rejects.toThrow('the disk is full')
  })

  test('hands a handler artifacts that compressedHandler reads, and that say what they are to stock tfjs', async () => {
    const model = smallModel()
    const handler = collecting()
    await saveCompressed(model, handler, { mask: everyFourth(model) })
    expect(bitsByName(await loadedWeights(handler))).toEqual(maskedBits(model))
    await expect(loadLayersModel(handler)).rejects.toThrow('load it with compressedHandler')
    expect(handler.artifacts.weightSpecs![0]!.shape).toEqual([
      (handler.artifacts.weightData as ArrayBuffer).byteLength,
    ])
  })

  test('uses the save handlers of tfjs for URLs of other schemes', async () => {
    const handler = collecting()
    io.registerSaveRouter((url) => (url === 'memory://model' ? handler : (null as never)))
    io.registerLoadRouter((url) => (url === 'memory://model' ? handler : (null as never)))
    await saveCompressed(smallModel(), 'memory://model')
    expect(handler.calls).toBe(1)
    expect(bitsByName(await loadedWeights('memory://model'))).toEqual(
      bitsByName(weightsByName(smallModel())),
    )
  })

  test('rejects with the error of a handler that throws midway', async () => {
    const handler = { save: async () => Promise.reject(new Error('quota')) }
    await expect(saveCompressed(smallModel(), handler)).rejects.toThrow('quota')
  })

  test('keeps the decision threshold and its certificate', async () => {
    const labels = Int32Array.from({ length: 2000 }, (_, i) => i % 2)
    const scores = Float32Array.from(labels, (label, i) => label * 8 - 4 + ((i * 37) % 100) / 50)
    const risks = { maximumFalseNegativeRate: 0.1, maximumFalsePositiveRate: 0.2, confidence: 0.95 }
    const certificate = certifyScores([{ round: 0, density: 1, scores, labels }], {
      ...risks,
      positiveClass: 1,
    })
    const model = smallModel()
    const decision = { threshold: certificate.accepted!.threshold, positiveClass: 1, certificate }
    setDecisionThreshold(model, decision)
    const loaded = await loadLayersModel(compressedHandler(await pack(model)))
    expect(decisionThreshold(loaded)).toEqual(JSON.parse(JSON.stringify(decision)))
  })

  test('refuses metadata that compressedHandler would refuse, before it calls the handler', async () => {
    const model = smallModel()
    const told = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const handler = collecting()
    model.setUserDefinedMetadata({ note: 'x'.repeat(2 ** 24) })
    expect(await lateRefusalOf(() => saveCompressed(model, handler))).toMatch(
      /^RangeError: Cannot save .*: expected topology and metadata of at most 16777216 bytes as JSON, .*, got 16\d{6}$/,
    )
    expect(handler.calls).toBe(0)
    model.setUserDefinedMetadata({ note: 'x'.repeat(2 ** 24 - 3000) })
    await saveCompressed(model, handler)
    const options = { maximumHeaderBytes: 2 ** 24 }
    expect((await compressedHandler(handler, options).load!()).userDefinedMetadata).toHaveProperty(
      'note.length',
      2 ** 24 - 3000,
    )
    let deep: object = {}
    for (let depth = 0; depth < 1000; depth++) deep = { deep }
    model.setUserDefinedMetadata(deep)
    expect(await lateRefusalOf(() => saveCompressed(model, handler))).toBe(
      'RangeError: Cannot save the compressed model: expected topology and metadata of at most 1000 nested brackets, got more',
    )
    expect(handler.calls).toBe(1)
    told.mockRestore()
  })

  test('leaves the model as it is, and no tensor behind', async () => {
    const model = smallModel()
    const before = bitsByName(weightsByName(model))
    await expect(() => pack(model, { mask: everyFourth(model), type: 'int8' })).toLeaveNoTensors()
    expect(bitsByName(weightsByName(model))).toEqual(before)
    const file = await pack(model)
    await expect(() => compressedHandler(file).load!()).toLeaveNoTensors()
  })

  test('saves masking layers as stock ones', async () => {
    const model = smallModel()
    const masked = withMasks(model, await computeMask(model, { density: 0.25 }))
    const { header } = takeApart(await pack(masked))
    expect(JSON.stringify(header.modelTopology)).not.toContain('Mask')
    expect(header.weights.map(({ kept, shape }) => `${kept} of ${shape}`)).toEqual([
      '6 of 4,6',
      '6 of 6',
      '3 of 6,2',
      '2 of 2',
    ])
  })

  test('keeps every bit of values that are not finite as float32, and refuses them for other types', async () => {
    const model = smallModel()
    const { name, variable } = modelWeights(model)[0]!
    const values = new Float32Array(24)
    const bits = new Uint32Array(values.buffer)
    // NaN with a payload, both infinities, the smallest subnormal, -0.
    bits.set([0x7fc12345, 0xffc00001, 0x7f800000, 0xff800000, 0x00000001, 0x80000000])
    variable.assign(tensorOfBits(values, variable))
    const { weightData } = await compressedHandler(await pack(model)).load!()
    const loaded = [...new Uint32Array((weightData as ArrayBuffer[])[0]!)]
    const host = [...new Uint32Array((variable.dataSync() as Float32Array).slice().buffer)]
    expect(loaded.slice(0, 5)).toEqual(host.slice(0, 5))
    expect(loaded.slice(2)).toEqual([0x7f800000, 0xff800000, 1, ...Array(19).fill(0)])
    for (const type of ['float16', 'int8', 'codebook4'] as const) {
      const handler = collecting()
      const message = await lateRefusalOf(() => saveCompressed(model, handler, { type }))
      expect(message).toMatch(
        new RegExp(
          `^RangeError: Cannot save the compressed model: expected .* in ${name} for ${type}, got NaN at 0`,
        ),
      )
      expect(handler.calls).toBe(0)
    }
  })

  test('refuses what float16 cannot hold, but not where the mask prunes it', async () => {
    const model = smallModel()
    const { variable } = modelWeights(model)[0]!
    assignValues(variable, new Float32Array(24).fill(0.5).fill(65505, 3, 4))
    expect(await lateRefusalOf(() => pack(model, { type: 'float16' }))).toBe(
      'RangeError: Cannot save the compressed model: expected values between -65504 and 65504 in hidden/kernel for float16, got 65505 at 3',
    )
    await pack(model, { type: 'float16', mask: everyFourth(model) })
    await pack(model, { type: 'int8' })
  })

  test('stores as other types what the selector names, else weights of two dimensions and more', async () => {
    const model = smallModel()
    const typesOf = async (options: Parameters<typeof pack>[1]) =>
      takeApart(await pack(model, options)).header.weights.map(({ values }) => values)
    expect(await typesOf({ type: 'float16' })).toEqual(['float16', 'float32', 'float16', 'float32'])
    expect(await typesOf({ type: 'int8', select: /bias$/ })).toEqual([
      'float32',
      'int8',
      'float32',
      'int8',
    ])
    expect(await typesOf({ type: 'float16', select: 'out' })).toEqual([
      'float32',
      'float32',
      'float16',
      'float16',
    ])
  })

  test.each([0.0157, 0.0625, 0.25])(
    'takes at most 1.03 N (H(p) + b p) bits at a density of %d for values of b random bits, header included',
    async (density) => {
      const size = 600 * 600
      const model = sequential({
        layers: [layers.dense({ units: 600, inputShape: [600], useBias: false })],
      })
      const { uniform } = randomStream(1)
      const values = Float32Array.from({ length: size }, () => 0)
      // 31 random bits, one at 0: neither NaN nor infinity is among them.
      const bits = new Uint32Array(values.buffer)
      for (let i = 0; i < size; i++)
        if (uniform() < density) bits[i] = Math.floor(uniform() * 2 ** 32) & 0xbfffffff
      assignValues(modelWeights(model)[0]!.variable, values)
      const p = values.filter((value) => value !== 0).length / size
      const bound = (size * (-p * Math.log2(p) - (1 - p) * Math.log2(1 - p) + 31 * p)) / 8
      const { length } = await pack(model)
      expect(length / bound).toBeGreaterThan(0.99)
      expect(length / bound).toBeLessThan(1.03)
    },
  )

  test('refuses bad input before it calls the handler', async () => {
    const [model, other] = [
      smallModel(),
      sequential({ layers: [layers.dense({ units: 3, inputShape: [5] })] }),
    ]
    const handler = collecting()
    const refusal = (...args: readonly unknown[]) =>
      lateRefusalOf(() => saveCompressed(...(args as unknown as Parameters<typeof saveCompressed>)))
    const task = 'Cannot save the compressed model: expected'
    expect(
      await refusal(model, handler, { mask: await computeMask(other, { density: 0.5 }) }),
    ).toMatch(/^RangeError: Cannot use the mask: expected the weight/)
    for (const type of ['uint8', 'toString', 8, null]) {
      const got = typeof type === 'string' ? `"${type}"` : type
      const choices = compressedTypes.map((type) => `'${type}'`).join(' or ')
      expect(await refusal(model, handler, { type })).toBe(
        `RangeError: ${task} type to be ${choices}, got ${got}`,
      )
    }
    expect(await refusal(model, handler, { value: 'int8' })).toMatch(
      `TypeError: ${task} options among`,
    )
    expect(await refusal(model, handler, { select: 'nowhere' })).toMatch(
      /^RangeError: Cannot select weights/,
    )
    expect(await refusal(model, { load: handler.load })).toMatch(
      `TypeError: ${task} a path, a URL or a handler`,
    )
    expect(await refusal(model, 7)).toMatch(`TypeError: ${task} a path`)
    expect(await refusal(model, '')).toMatch(`RangeError: ${task} a path, got ''`)
    expect(await refusal(model, 'nowhere://model')).toMatch(
      `RangeError: ${task} a URL that tfjs has one save handler`,
    )
    expect(await refusal({}, handler)).toMatch('TypeError: Cannot')
    expect(handler.calls).toBe(0)
  })

  test('refuses a model whose file could not be loaded: two weights of one name', async () => {
    const inner = (units: number, size: number) =>
      sequential({ layers: [layers.dense({ name: 'inner', units, inputShape: [size] })] })
    const model = sequential({ layers: [inner(3, 4), inner(2, 3)] })
    expect(await lateRefusalOf(() => pack(model))).toBe(
      'RangeError: Cannot save the compressed model: expected layer names that differ, also in nested models, so that the file can be loaded, got inner/kernel twice',
    )
  })
})

/** A tensor of exactly these bits: numbers of JavaScript need not keep the payload of a NaN. */
function tensorOfBits(values: Float32Array, like: Variable) {
  return io.decodeWeights(values.buffer as ArrayBuffer, [
    { name: 'bits', shape: like.shape, dtype: 'float32' },
  ]).bits!
}
