import { fill } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import * as ort from 'onnxruntime-web'
import { computeMask, registerLayers, withMasks } from 'tfjs-prune'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certifyScores, setDecisionThreshold, weightsFingerprint } from '../../src/certify/index.js'
import { readMetadata } from '../../src/onnx/file/read-metadata.js'
import { decisionThreshold, toOnnx } from '../../src/onnx/index.js'
import { storedConstants } from './support/stored-constants.js'

let model: LayersModel
beforeEach(() => {
  model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
})
afterEach(() => model.dispose())

/** A decision by a certificate that names the present weights. */
async function certified(of: LayersModel) {
  const labels = Uint8Array.from({ length: 400 }, (_, i) => i % 2)
  const scores = Float64Array.from(labels, (label, i) => i / 100 + 4 * label)
  const fingerprint = await weightsFingerprint(of)
  const certificate = certifyScores([{ round: 0, density: 1, labels, scores, fingerprint }], {
    ...{ positiveClass: 1, confidence: 0.9 },
    ...{ maximumFalseNegativeRate: 0.2, maximumFalsePositiveRate: 0.5 },
  })
  return { threshold: certificate.accepted!.threshold, positiveClass: 1, certificate }
}

describe('decisionThreshold', () => {
  test('decisionThreshold reads what the model had, whose words are those of a model', async () => {
    const labels = Uint8Array.from({ length: 400 }, (_, i) => i % 2)
    const scores = Float64Array.from(labels, (label, i) => i / 100 + 4 * label)
    const certificate = certifyScores([{ round: 0, density: 1, labels, scores }], {
      ...{ positiveClass: 1, confidence: 0.9 },
      ...{ maximumFalseNegativeRate: 0.2, maximumFalsePositiveRate: 0.5 },
    })
    const { threshold } = certificate.accepted!
    const decision = { threshold, positiveClass: 1, certificate }
    setDecisionThreshold(model, decision)
    const file = await toOnnx(model, { metadata: { author: 'Ä. Nön' } })
    expect(decisionThreshold(file)).toEqual(JSON.parse(JSON.stringify(decision)))
    expect(readMetadata(file, 'read').author).toBe('Ä. Nön')
    await expect(ort.InferenceSession.create(file)).resolves.toBeDefined()
  })

  test('toOnnx writes the certified weights where the model is trained meanwhile', async () => {
    const decision = await certified(model)
    setDecisionThreshold(model, decision)
    const [kernel] = model.weights
    const own = await kernel!.read().data()
    const written = toOnnx(model)
    for (let turn = 0; turn < 20; turn++) {
      kernel!.write(fill([4, 2], turn))
      await Promise.resolve()
    }
    const file = await written
    expect(decisionThreshold(file)?.certificate).toBeDefined()
    const stored = Object.values(storedConstants(file)).find(({ shape }) => `${shape}` === '4,2')
    expect(new Float32Array(stored!.bytes.buffer)).toEqual(own)
    await expect(toOnnx(model)).rejects.toThrow('expected the certified weights')
  })

  test('toOnnx knows the certified weights of a model with masking layers', async () => {
    registerLayers()
    const masked = withMasks(model, await computeMask(model, { density: 0.5 }))
    setDecisionThreshold(masked, await certified(masked))
    expect(decisionThreshold(await toOnnx(masked))?.certificate).toBeDefined()
    masked.dispose()
  })

  test('decisionThreshold gives undefined for a file without one', async () => {
    expect(decisionThreshold(await toOnnx(model))).toBeUndefined()
  })

  test('decisionThreshold refuses a file that is cut at any byte', async () => {
    setDecisionThreshold(model, { threshold: 0.5, positiveClass: 1 })
    const file = await toOnnx(model)
    for (let length = 0; length < file.length; length++)
      expect(() => decisionThreshold(file.subarray(0, length))).toThrow(
        'Cannot read the decision threshold: expected the bytes of a whole ONNX file, got ',
      )
  })

  test.each([
    ['text', new TextEncoder().encode('{"format": "layers-model"}')],
    ['zeros', new Uint8Array(64)],
    ['a container', Uint8Array.from([0x74, 0x66, 0x70, 0x72, 1, 0, 0, 0, 9, 9, 9, 9])],
    ['0xff', new Uint8Array(64).fill(255)],
  ])('decisionThreshold refuses %s', (_, bytes) => {
    expect(() => decisionThreshold(bytes)).toThrow('expected the bytes of a whole ONNX file')
  })

  test('decisionThreshold refuses a model and an ArrayBuffer by their kind', () => {
    expect(() => decisionThreshold(model as never)).toThrow(TypeError)
    expect(() => decisionThreshold(new ArrayBuffer(8) as never)).toThrow(TypeError)
  })
})

describe('metadata of toOnnx', () => {
  test('toOnnx refuses metadata that is no text, and the place of the threshold', async () => {
    await expect(toOnnx(model, { metadata: { a: 1 } as never })).rejects.toThrow(
      'Cannot write ONNX: expected metadata to hold texts, got a: 1',
    )
    await expect(toOnnx(model, { metadata: 'a' as never })).rejects.toThrow(TypeError)
    await expect(toOnnx(model, { metadata: { 'tfjs-prune': '{}' } })).rejects.toThrow(
      'expected metadata without tfjs-prune, which holds the decision threshold',
    )
  })

  test('decisionThreshold refuses a broken entry of another writer', async () => {
    model.setUserDefinedMetadata({ 'tfjs-prune': { decisionThreshold: { threshold: 'x' } } })
    await expect(toOnnx(model)).rejects.toThrow('Cannot read the decision threshold')
  })
})
