import { add, io, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, registerLayers, withMasks } from 'tfjs-prune'
import {
  type Certificate,
  certifyScores,
  checkCertified,
  decisionThreshold,
  setDecisionThreshold,
  weightsFingerprint,
} from 'tfjs-prune/certify'
import { compressedHandler, saveCompressed, saveQuantised } from 'tfjs-prune/files'
import { toOnnx } from 'tfjs-prune/onnx'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fingerprintOf } from '../../src/certify/fingerprint.js'
import { randomStream } from '../../src/internal/random.js'
import { smallNetwork } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'

const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
const certificateOf = (fingerprint?: string): Certificate => {
  const level = { round: 0, density: 1, labels, scores: labels }
  const levels = [{ ...level, ...(fingerprint !== undefined && { fingerprint }) }]
  return certifyScores(levels, { positiveClass: 1, ...promise })
}
const decisionOf = (certificate: Certificate) => ({
  ...{ threshold: certificate.accepted!.threshold, positiveClass: 1 },
  certificate,
})

let model: LayersModel
beforeEach(() => {
  model = smallNetwork()
})
afterEach(() => model.dispose())

const saved = async (one: LayersModel, options: object) => {
  let file = new Uint8Array()
  const target = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  await saveCompressed(one, target, options)
  return loadLayersModel(compressedHandler(file))
}

describe('fingerprintOf', () => {
  const values = Float32Array.of(1, -2, 3, 0)
  const weight = { name: 'a/kernel', shape: [2, 2], values }
  const wanted = fingerprintOf([weight])

  test('fingerprintOf has 16 digits and changes with any bit of a value', () => {
    expect(wanted).toMatch(/^[0-9a-f]{16}$/)
    const seen = new Set([wanted])
    for (let bit = 0; bit < 32 * values.length; bit++) {
      const other = values.slice()
      new Uint32Array(other.buffer)[bit >> 5]! ^= 1 << (bit & 31)
      seen.add(fingerprintOf([{ ...weight, values: other }]))
    }
    // The sign of the zero does not count.
    expect(seen.size).toBe(32 * values.length)
  })

  test('fingerprintOf changes with names, shapes and the number of weights', () => {
    const others = [
      [{ ...weight, name: 'a/bias' }],
      [{ ...weight, shape: [4] }],
      [weight, { ...weight, name: 'b', shape: [0], values: new Float32Array() }],
      [{ ...weight, values: values.subarray(0, 3) }],
      [],
    ].map(fingerprintOf)
    expect(new Set([wanted, ...others]).size).toBe(6)
  })

  test('fingerprintOf does not depend on the order of weights', () => {
    const other = { ...weight, name: 'b/kernel' }
    expect(fingerprintOf([other, weight])).toBe(fingerprintOf([weight, other]))
  })

  test('fingerprintOf tells 20,000 weights apart', () => {
    const { uniform } = randomStream(3)
    const all = Array.from({ length: 20_000 }, () =>
      fingerprintOf([{ ...weight, values: Float32Array.of(uniform(), uniform(), 0, 0) }]),
    )
    expect(new Set(all).size).toBe(20_000)
    expect(new Set(all.map((text) => text.slice(0, 8))).size).toBeGreaterThan(19_990)
    expect(new Set(all.map((text) => text.slice(8))).size).toBeGreaterThan(19_990)
  })
})

describe('weightsFingerprint', () => {
  test('weightsFingerprint survives a file of saveCompressed in float32', async () => {
    const loaded = await saved(model, {})
    expect(await weightsFingerprint(loaded)).toBe(await weightsFingerprint(model))
    loaded.dispose()
  })

  test('weightsFingerprint of a model with a mask is that of the pruned model, also with masking layers', async () => {
    registerLayers()
    const mask = await computeMask(model, { density: 0.5 })
    const masked = withMasks(model, mask)
    const wanted = await weightsFingerprint(model, { mask })
    expect(await weightsFingerprint(masked)).toBe(wanted)
    applyMask(model, mask)
    expect(await weightsFingerprint(model)).toBe(wanted)
    masked.dispose()
  })

  test('weightsFingerprint refuses what is no model', async () => {
    expect(await lateRefusalOf(() => weightsFingerprint({} as never))).toMatch(/^TypeError/)
  })
})

describe('checkCertified', () => {
  test('checkCertified accepts the weights that were certified, and no others', async () => {
    const certificate = certificateOf(await weightsFingerprint(model))
    await checkCertified(model, certificate)
    const other = smallNetwork(2)
    expect(await lateRefusalOf(() => checkCertified(other, certificate))).toMatch(
      /^RangeError: Cannot trust the certificate: expected the certified weights, of the fingerprint .{16}, got others, of .{16}$/,
    )
    other.dispose()
  })

  test('checkCertified refuses a certificate without weights, and one that is none', async () => {
    expect(await lateRefusalOf(() => checkCertified(model, certificateOf()))).toMatch(
      /^RangeError: .+ with the fingerprint of its weights, got none$/,
    )
    expect(await lateRefusalOf(() => checkCertified(model, {} as never))).toMatch(/^RangeError/)
  })
})

describe('a certificate beside the files of a model', () => {
  const dense = () => layers.dense({ name: 'inner', units: 3, inputShape: [4] })
  const networks: Readonly<Record<string, () => layers.Layer>> = {
    'a nested model': () => sequential({ name: 'block', layers: [dense()] }),
    TimeDistributed: () => layers.timeDistributed({ layer: dense(), inputShape: [5, 4] }),
    Bidirectional: () =>
      layers.bidirectional({
        layer: layers.simpleRNN({ units: 3, recurrentInitializer: 'glorotNormal' }),
        inputShape: [5, 4],
      }),
  }

  test.each(Object.keys(networks))('checkCertified knows the weights of %s', async (name) => {
    const own = sequential({ layers: [networks[name]!(), layers.dense({ units: 2 })] })
    const certificate = certificateOf(await weightsFingerprint(own))
    own.setUserDefinedMetadata({ 'tfjs-prune': { decisionThreshold: decisionOf(certificate) } })
    let artifacts: io.ModelArtifacts = {}
    await own.save(
      io.withSaveHandler(async (saved) => {
        artifacts = saved
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
      }),
    )
    await checkCertified(artifacts, certificate)
    await checkCertified(io.fromMemory(artifacts), certificate)
    let file = new Uint8Array()
    const take = (bytes: Uint8Array<ArrayBuffer>) => {
      file = bytes
    }
    await saveCompressed(artifacts, take)
    await checkCertified(compressedHandler(file), certificate)
    const changed = new Uint8Array(artifacts.weightData as ArrayBuffer).slice()
    changed[2]! ^= 1
    const other = { ...artifacts, weightData: changed.buffer }
    const refusal = /expected the certified weights/
    expect(await lateRefusalOf(() => checkCertified(other, certificate))).toMatch(refusal)
    expect(await lateRefusalOf(() => saveCompressed(other, take))).toMatch(refusal)
    own.dispose()
  })

  test('checkCertified knows the weights of a saved model with masking layers', async () => {
    registerLayers()
    const masked = withMasks(model, await computeMask(model, { density: 0.5 }))
    const certificate = certificateOf(await weightsFingerprint(masked))
    let artifacts: io.ModelArtifacts = {}
    await masked.save(
      io.withSaveHandler(async (saved) => {
        artifacts = saved
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
      }),
    )
    await checkCertified(artifacts, certificate)
    masked.dispose()
  })

  test('checkCertified refuses what holds no weights', async () => {
    const certificate = certificateOf(await weightsFingerprint(model))
    expect(await lateRefusalOf(() => checkCertified({} as never, certificate))).toMatch(
      /^TypeError: Cannot trust the certificate: expected a LayersModel, a GraphModel/,
    )
  })
})

describe('a certificate of other weights', () => {
  test('setDecisionThreshold refuses it, and the model stays as it was', async () => {
    const other = smallNetwork(2)
    const decision = decisionOf(certificateOf(await weightsFingerprint(other)))
    expect(refusalOf(() => setDecisionThreshold(model, decision))).toMatch(
      /^RangeError: Cannot set the decision threshold: expected the certified weights/,
    )
    expect(decisionThreshold(model)).toBeUndefined()
    other.dispose()
  })

  test('saveCompressed, saveQuantised and toOnnx refuse to write it', async () => {
    const decision = decisionOf(certificateOf(await weightsFingerprint(model)))
    setDecisionThreshold(model, decision)
    const loaded = await saved(model, {})
    await checkCertified(loaded, decisionThreshold(loaded)!.certificate!)
    loaded.dispose()
    const mask = await computeMask(model, { density: 0.5 })
    const handler = { save: async () => ({ modelArtifactsInfo: {} as never }) }
    for (const run of [
      () => saved(model, { type: 'int8' }),
      () => saved(model, { mask }),
      () => saveQuantised(model, handler, { type: 'uint8' }),
      () => toOnnx(model, { mask }),
    ])
      expect(await lateRefusalOf(run)).toMatch(/^RangeError: .+ expected the certified weights/)
    expect(await lateRefusalOf(() => toOnnx(model, { values: 'int8' }))).toMatch(
      /^RangeError: Cannot write ONNX: expected values in float32, got int8 and a certificate/,
    )
    expect((await toOnnx(model)).length).toBeGreaterThan(0)
    tidy(() => model.setWeights(model.getWeights().map((weight) => add(weight, 1))))
    expect(await lateRefusalOf(() => saved(model, {}))).toMatch(/expected the certified weights/)
    expect(await lateRefusalOf(() => toOnnx(model))).toMatch(/expected the certified weights/)
  })

  test('saveCompressed takes a decision for the weights in the file', async () => {
    const narrow = await saved(model, { type: 'int8' })
    const certificate = certificateOf(await weightsFingerprint(narrow))
    const decision = decisionOf(certificate)
    const loaded = await saved(model, { type: 'int8', decision })
    expect(decisionThreshold(loaded)).toEqual(decision)
    await checkCertified(loaded, certificate)
    expect(await lateRefusalOf(() => saved(model, { type: 'float32', decision }))).toMatch(
      /expected the certified weights/,
    )
    expect(
      await lateRefusalOf(() => saved(model, { type: 'int8', decision: { threshold: 'x' } })),
    ).toMatch(/^TypeError: Cannot save the compressed model: expected threshold/)
    for (const one of [narrow, loaded]) one.dispose()
  })
})

test('fingerprintOf differs with the values of whole numbers and flags', () => {
  const of = (values: Int32Array | Uint8Array) => fingerprintOf([{ name: 'a', shape: [1], values }])
  expect(of(Int32Array.of(1))).not.toBe(of(Int32Array.of(2)))
  expect(of(Uint8Array.of(0))).not.toBe(of(Uint8Array.of(1)))
})
