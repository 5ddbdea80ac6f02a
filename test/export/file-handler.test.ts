import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { io } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, vi } from 'vitest'
import { decisionThreshold, fileHandler, setDecisionThreshold } from '../../src/index.js'
import { bitsOf, tangledModel } from '../layers/models.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { filesIn, modelJsonIn, temporaryFolder } from './files.js'

const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)

/** A folder with the small model, written by the handler. */
async function savedFolder(): Promise<string> {
  const folder = temporaryFolder()
  await smallModel().save(fileHandler(folder))
  return folder
}

/** Fields that replace those of a `model.json`, of its first group of weights and of the first weight there. */
interface Edits {
  readonly json?: object
  readonly group?: object
  readonly weight?: object
}

function edit(folder: string, { json, group, weight }: Edits): void {
  const model = modelJsonIn(folder)
  Object.assign(model.weightsManifest[0]!.weights[0]!, weight)
  Object.assign(model.weightsManifest[0]!, group)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(Object.assign(model, json)))
}

const loadRefusal = (path: string) => lateRefusalOf(async () => fileHandler(path).load!())

describe('fileHandler, saving', () => {
  it('fileHandler writes model.json and the weights file that it names, and reads them back to the last bit', async () => {
    const model = tangledModel()
    setDecisionThreshold(model, { threshold: -1.5, positiveClass: 1 })
    const folder = temporaryFolder()
    const { modelArtifactsInfo, errors } = await model.save(fileHandler(join(folder, 'deep', 'er')))
    expect(errors).toBeUndefined()
    const written = filesIn(join(folder, 'deep', 'er'))
    const { weightsManifest, format, convertedBy } = modelJsonIn(join(folder, 'deep', 'er'))
    expect(Object.keys(written).sort()).toEqual(['model.json', ...weightsManifest[0]!.paths])
    expect(weightsManifest[0]!.paths[0]).toMatch(/^weights-[\da-f]{16}\.bin$/)
    expect(modelArtifactsInfo.weightDataBytes).toBe(written[weightsManifest[0]!.paths[0]!]!.length)
    expect({ format, convertedBy }).toEqual({ format: 'layers-model', convertedBy: null })
    for (const path of ['deep/er', 'deep/er/', 'deep/er/model.json']) {
      const loaded = await loadLayersModel(fileHandler(join(folder, path)))
      expect(allBits(loaded)).toEqual(allBits(model))
      expect(decisionThreshold(loaded)?.threshold).toBe(-1.5)
    }
  })

  it('fileHandler writes what stock tfjs loads from its parts', async () => {
    const folder = await savedFolder()
    const { weightsManifest, ...json } = modelJsonIn(folder)
    const weightData = new Uint8Array(readFileSync(join(folder, weightsManifest[0]!.paths[0]!))).buffer
    const weightSpecs = io.getWeightSpecs(weightsManifest)
    const loaded = await loadLayersModel(io.fromMemory({ ...json, weightSpecs, weightData }))
    expect(allBits(loaded)).toEqual(allBits(smallModel()))
  })

  it('fileHandler takes file:// URLs and the path of a model.json', async () => {
    const folder = temporaryFolder()
    await smallModel(1).save(fileHandler(`file://${folder}/one`))
    await smallModel(2).save(fileHandler(join(folder, 'two', 'model.json')))
    const [one, two] = await Promise.all(
      [`${folder}/one`, `file://${folder}/two/model.json`].map((path) => loadLayersModel(fileHandler(path))),
    )
    expect(allBits(one!)).toEqual(allBits(smallModel(1)))
    expect(allBits(two!)).toEqual(allBits(smallModel(2)))
  })

  it('fileHandler writes the same files for the same model', async () => {
    const model = smallModel()
    const [one, two] = [temporaryFolder(), temporaryFolder()]
    await model.save(fileHandler(one))
    await model.save(fileHandler(two))
    expect(filesIn(one)).toEqual(filesIn(two))
  })

  it('fileHandler replaces a model, removes its weights and leaves files of others', async () => {
    const folder = await savedFolder()
    writeFileSync(join(folder, 'labels.txt'), 'no, yes')
    writeFileSync(join(folder, 'weights-0123456789abcdef.bin'), 'of another model.json')
    await smallModel(2).save(fileHandler(folder))
    const { weightsManifest } = modelJsonIn(folder)
    const names = ['labels.txt', 'model.json', 'weights-0123456789abcdef.bin', ...weightsManifest[0]!.paths]
    expect(Object.keys(filesIn(folder)).sort()).toEqual(names.sort())
    expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel(2)))
    await smallModel(2).save(fileHandler(folder))
    expect(Object.keys(filesIn(folder)).sort()).toEqual(names)
  })

  it('fileHandler replaces what tfjs-node wrote, and a model.json that is broken', async () => {
    const folder = await savedFolder()
    const [name] = modelJsonIn(folder).weightsManifest[0]!.paths
    renameSync(join(folder, name!), join(folder, 'weights.bin'))
    edit(folder, { group: { paths: ['weights.bin'] } })
    expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel()))
    await smallModel(2).save(fileHandler(folder))
    expect(Object.keys(filesIn(folder))).toHaveLength(2)
    expect(Object.keys(filesIn(folder))).not.toContain('weights.bin')
    writeFileSync(join(folder, 'model.json'), '{ half')
    await smallModel(3).save(fileHandler(folder))
    expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel(3)))
  })

  it('fileHandler saves a model without weights', async () => {
    const folder = temporaryFolder()
    await sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] }).save(fileHandler(folder))
    expect((await loadLayersModel(fileHandler(folder))).countParams()).toBe(0)
  })

  it('fileHandler refuses what is no path, another JSON file to save and artifacts without a topology', async () => {
    expect(refusalOf(() => fileHandler(7 as never))).toBe('TypeError: Cannot use files: expected a path, got number')
    expect(refusalOf(() => fileHandler(''))).toMatch(/^RangeError: .*expected a path, got ''/)
    expect(refusalOf(() => fileHandler('file://'))).toMatch(/^RangeError: /)
    expect(refusalOf(() => fileHandler('indexeddb://model'))).toMatch(/^RangeError: .*got indexeddb:\/\/model/)
    const folder = temporaryFolder()
    const save = (path: string, artifacts: io.ModelArtifacts) =>
      lateRefusalOf(async () => fileHandler(path).save!(artifacts))
    expect(await save(join(folder, 'net.json'), {})).toMatch(/^RangeError: .*or its model\.json, got .*net\.json/)
    expect(await save(folder, { weightData: new ArrayBuffer(4) })).toMatch(/^TypeError: .*got undefined/)
    expect(await save(folder, { modelTopology: new ArrayBuffer(4) })).toMatch(/^TypeError: .*got bytes/)
    expect(filesIn(folder)).toEqual({})
  })

  it('fileHandler rejects where there are no files', async () => {
    const lookUp = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    const refusals = [
      await loadRefusal('model'),
      await lateRefusalOf(async () => smallModel().save(fileHandler('model'))),
    ]
    lookUp.mockRestore()
    for (const refusal of refusals) expect(refusal).toMatch(/^Error: .*expected Node .*got a platform without files/)
  })
})

describe('fileHandler, loading', () => {
  it('fileHandler reads several shards and groups, in folders below too', async () => {
    const folder = await savedFolder()
    const { weightsManifest } = modelJsonIn(folder)
    const { paths, weights } = weightsManifest[0]!
    const bytes = readFileSync(join(folder, paths[0]!))
    mkdirSync(join(folder, 'shards'))
    // hidden/kernel and hidden/bias, then out/kernel and out/bias: 4 (24 + 6) bytes, and 4 (12 + 2).
    for (const [name, start, end] of [
      ['a', 0, 50],
      ['b', 50, 120],
      ['c', 120, 176],
    ] as const) {
      writeFileSync(join(folder, 'shards', name), bytes.subarray(start, end))
    }
    const groups = [
      { paths: ['shards/a', './shards/b'], weights: weights.slice(0, 2) },
      { paths: ['shards/c'], weights: weights.slice(2) },
    ]
    edit(folder, { json: { weightsManifest: groups } })
    renameSync(join(folder, 'model.json'), join(folder, 'net.json'))
    const loaded = await loadLayersModel(fileHandler(join(folder, 'net.json')))
    expect(allBits(loaded)).toEqual(allBits(smallModel()))
  })

  it('fileHandler tells a missing folder, a missing shard and a file in place of a folder', async () => {
    const folder = await savedFolder()
    const gone = await loadRefusal(join(folder, 'gone'))
    expect(gone).toMatch(/^Error: Cannot load the model: expected to read .*gone\/model\.json, got ENOENT/)
    const [name] = modelJsonIn(folder).weightsManifest[0]!.paths
    renameSync(join(folder, name!), join(folder, 'elsewhere.bin'))
    expect(await loadRefusal(folder)).toMatch(new RegExp(`^Error: .*expected to read .*${name}, got ENOENT`))
    const below = await lateRefusalOf(async () => smallModel().save(fileHandler(join(folder, 'elsewhere.bin', 'x'))))
    expect(below).toMatch(/^Error: Cannot save the model: expected to make the folder .*, got ENOTDIR/)
  })

  it.each([
    '../outside.bin',
    'a/../../outside.bin',
    '..\\outside.bin',
    '/etc/hostname',
    '\\\\server\\share',
    'C:\\outside.bin',
    'c:outside.bin',
    'a\0b',
    '..',
    '',
    7,
  ])('fileHandler refuses the file of weights %j', async (shard) => {
    const folder = await savedFolder()
    writeFileSync(join(folder, 'outside.bin'), new Uint8Array(176))
    mkdirSync(join(folder, 'inner'))
    renameSync(join(folder, 'model.json'), join(folder, 'inner', 'model.json'))
    edit(join(folder, 'inner'), { group: { paths: [shard] } })
    expect(await loadRefusal(join(folder, 'inner'))).toMatch(/^RangeError: .*or below, got /)
  })

  it.each([-1, -176, 1])(
    'fileHandler refuses weights that are %i bytes longer than the model.json says',
    async (more) => {
      const folder = await savedFolder()
      const [name] = modelJsonIn(folder).weightsManifest[0]!.paths
      writeFileSync(join(folder, name!), new Uint8Array(176 + more))
      expect(await loadRefusal(folder)).toMatch(new RegExp(`^RangeError: .*expected 176 bytes .*got ${176 + more}$`))
    },
  )

  it.each<[string, Edits]>([
    ['a modelTopology', { json: { modelTopology: undefined } }],
    ['a list as weightsManifest', { json: { weightsManifest: {} } }],
    ['paths and weights', { json: { weightsManifest: [null] } }],
    ['paths and weights', { group: { paths: 'weights.bin' } }],
    ['a known dtype', { group: { weights: [null] } }],
    ['a known dtype', { weight: { dtype: 'toString' } }],
    ['a known dtype', { weight: { quantization: { dtype: 'uint4' } } }],
    ['a known dtype', { weight: { shape: [-4, 6] } }],
    ['a known dtype', { weight: { shape: [4, 1e300] } }],
  ])('fileHandler refuses a model.json without %s: %j', async (wanted, edits) => {
    const folder = await savedFolder()
    edit(folder, edits)
    expect(await loadRefusal(folder)).toMatch(new RegExp(`^RangeError: Cannot load the model: expected .*${wanted}`))
  })

  it.each(['', '{"modelTopology":', 'null', '7', '[]'])('fileHandler refuses the model.json %j', async (text) => {
    const folder = await savedFolder()
    writeFileSync(join(folder, 'model.json'), text)
    expect(await loadRefusal(folder)).toMatch(/^RangeError: Cannot load the model: expected .*model\.json, got /)
  })

  it('fileHandler leaves no tensor', async () => {
    const model = smallModel()
    const folder = temporaryFolder()
    await expect(() => model.save(fileHandler(folder))).toLeaveNoTensors()
  })
})
