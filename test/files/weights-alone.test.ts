import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { io } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import {
  compressedHandler,
  fileHandler,
  saveCompressed,
  saveQuantised,
  sizeReport,
} from '../../src/files/index.js'
import { pruneWeights } from '../../src/index.js'
import { faceWeights } from '../real-models/graph-files.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { temporaryFolder } from './files.js'

/** All weights of a source, decoded. */
async function decoded(source: io.IOHandler): Promise<Record<string, number[]>> {
  const { weightData, weightSpecs } = await source.load!()
  const tensors = io.decodeWeights(weightData!, weightSpecs!)
  const values = Object.entries(tensors).map(([name, one]) => [name, [...one.dataSync()]])
  for (const one of Object.values(tensors)) one.dispose()
  return Object.fromEntries(values)
}

const NAMES = ['face_landmark_68_tiny_model', 'tiny_face_detector_model'] as const

test.each(NAMES)('saveCompressed keeps the weights of %s of face-api to the bit', async (name) => {
  const files: Uint8Array<ArrayBuffer>[] = []
  await saveCompressed(faceWeights(name), (bytes) => files.push(bytes))
  const handler = compressedHandler(files[0]!)
  const { modelTopology, weightSpecs } = await handler.load!()
  expect(modelTopology).toBeUndefined()
  expect(weightSpecs!.length).toBeGreaterThan(10)
  expect(await decoded(handler)).toEqual(await decoded(faceWeights(name)))
})

test('fileHandler writes a list of weights and reads it back, and replaces its own file alone', async () => {
  const folder = temporaryFolder()
  const [first, second] = NAMES.map((name) => join(folder, `${name}-weights_manifest.json`))
  for (const type of ['uint8', 'uint16'] as const) {
    await saveQuantised(faceWeights(NAMES[0]), fileHandler(first!), { type })
    await saveQuantised(faceWeights(NAMES[1]), fileHandler(second!), { type })
  }
  expect(await decoded(fileHandler(first!))).toEqual(await decoded(faceWeights(NAMES[0])))
  const manifest = JSON.parse(readFileSync(first!, 'utf8'))
  expect(manifest[0].paths).toEqual([
    expect.stringMatching(/^face_landmark_68_tiny_model-weights_manifest-.*\.bin$/),
  ])
  const before = JSON.parse(readFileSync(second!, 'utf8'))

  const { artifacts } = await pruneWeights(faceWeights(NAMES[0]), { density: 0.5 })
  await fileHandler(first!).save!(artifacts)
  expect(readdirSync(folder)).toHaveLength(4)
  expect(JSON.parse(readFileSync(second!, 'utf8'))).toEqual(before)
  const pruned = await decoded(fileHandler(first!))
  const zeros = Object.values(pruned)
    .flat()
    .filter((value) => value === 0)
  expect(zeros.length).toBeGreaterThan(Object.values(pruned).flat().length * 0.4)
})

test('fileHandler refuses weights alone under the name of a model, and an empty list', async () => {
  const folder = temporaryFolder()
  const artifacts = await faceWeights(NAMES[1]).load!()
  expect(await lateRefusalOf(async () => fileHandler(folder).save!(artifacts))).toMatch(
    /expected a path that ends in weights_manifest\.json for weights without a topology, got /,
  )
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'none-weights_manifest.json'), '[]')
  const empty = fileHandler(join(folder, 'none-weights_manifest.json'))
  expect(await lateRefusalOf(async () => empty.load!())).toMatch(
    /expected a modelTopology in .+, got undefined: name the file that `save` of tfjs /,
  )
})

test('fileHandler leaves the weights of a list where a model of the same weights is replaced', async () => {
  const folder = temporaryFolder()
  const list = fileHandler(join(folder, 'weights_manifest.json'))
  const other = fileHandler(join(folder, 'weights-weights_manifest.json'))
  await smallModel(1).save(fileHandler(folder))
  const { weightSpecs, weightData } = await fileHandler(folder).load!()
  const alone = { weightSpecs: weightSpecs!, weightData: weightData! }
  for (const one of [list, other]) await one.save!(alone)
  await smallModel(2).save(fileHandler(folder))
  await other.save!(await faceWeights(NAMES[1]).load!())
  expect((await list.load!()).weightData).toEqual(weightData)
})

test('saveQuantised refuses a decision threshold for a list of weights, which would lose it', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'face-weights_manifest.json')
  const decision = { threshold: 1, positiveClass: 1 }
  const saving = () => saveQuantised(faceWeights(NAMES[1]), path, { type: 'uint8', decision })
  expect(await lateRefusalOf(saving)).toMatch(
    /^TypeError: .*expected no metadata in a list of weights, got userDefinedMetadata: saveCompr/,
  )
  expect(readdirSync(folder)).toEqual([])
})

test('fileHandler refuses texts that are cut off', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'weights_manifest.json')
  const weights = [{ name: 'labels', shape: [2], dtype: 'string' }]
  writeFileSync(path, JSON.stringify([{ paths: ['labels.bin'], weights }]))
  const texts = Uint8Array.of(3, 0, 0, 0, 0x79, 0x65, 0x73, 2, 0, 0, 0, 0x6e, 0x6f)
  writeFileSync(join(folder, 'labels.bin'), texts)
  const { weightData } = await fileHandler(path).load!()
  expect(weightData).toEqual([texts.buffer])
  writeFileSync(join(folder, 'labels.bin'), texts.subarray(0, -1))
  expect(await lateRefusalOf(async () => fileHandler(path).load!())).toMatch(
    /^RangeError: Cannot load the model: expected weights of 13 bytes at least, got 12/,
  )
})

test('sizeReport measures weights alone', async () => {
  const { files } = await sizeReport(faceWeights(NAMES[0]))
  const bytes = (file: string, type: string) =>
    files.find((row) => row.file === file && row.type === type)!.bytes
  expect(bytes('container', 'int8')).toBeLessThan(bytes('stock', 'float32'))
})
