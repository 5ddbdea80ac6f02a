import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { io } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, vi } from 'vitest'
import { decisionThreshold } from '../../../src/certify/index.js'
import { fileHandler } from '../../../src/files/index.js'
import { bitsOf, tangledModel } from '../../layers/models.js'
import { lateRefusalOf, refusalOf } from '../../support/refusal-of.js'
import { smallModel } from '../../support/small-models.js'
import { edit, filesIn, modelJsonIn, savedFolder, temporaryFolder } from '../files.js'

const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)

async function artifactsOf(model: ReturnType<typeof smallModel>): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {}
  const keep = io.withSaveHandler(async (saved) => {
    artifacts = saved
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
  })
  await model.save(keep)
  return artifacts
}

const loadRefusal = (path: string) => lateRefusalOf(async () => fileHandler(path).load!())

describe('fileHandler, saving', () => {
  it('fileHandler writes model.json and the weights file that it names, and reads them back to the last bit', async () => {
    const model = tangledModel()
    // A model of several outputs takes no threshold of setDecisionThreshold.
    const decision = { threshold: -1.5, positiveClass: 1 }
    model.setUserDefinedMetadata({ 'tfjs-prune': { decisionThreshold: decision } })
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
    const weightData = new Uint8Array(readFileSync(join(folder, weightsManifest[0]!.paths[0]!)))
      .buffer
    const weightSpecs = io.getWeightSpecs(weightsManifest)
    const loaded = await loadLayersModel(io.fromMemory({ ...json, weightSpecs, weightData }))
    expect(allBits(loaded)).toEqual(allBits(smallModel()))
  })

  it('fileHandler takes file:// URLs and the path of a model.json', async () => {
    const folder = temporaryFolder()
    await smallModel(1).save(fileHandler(`file://${folder}/one`))
    await smallModel(2).save(fileHandler(join(folder, 'two', 'model.json')))
    const [one, two] = await Promise.all(
      [`${folder}/one`, `file://${folder}/two/model.json`].map((path) =>
        loadLayersModel(fileHandler(path)),
      ),
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
    const names = [
      'labels.txt',
      'model.json',
      'weights-0123456789abcdef.bin',
      ...weightsManifest[0]!.paths,
    ]
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

  it('fileHandler saves one model after the other into a folder, so that the last one is there alone', async () => {
    const models = [smallModel(1), smallModel(2)]
    for (let turn = 0; turn < 20; turn++) {
      const folder = await savedFolder()
      // By three names of the folder; the model that is there already is saved again while another
      // replaces it.
      const handlers = [
        folder,
        join(folder, 'model.json'),
        relative('.', folder),
        `${folder}/.`,
      ].map((path) => fileHandler(path))
      await Promise.all(handlers.map((handler, i) => models[i % 2]!.save(handler)))
      expect(Object.keys(filesIn(folder))).toHaveLength(2)
      const kept = allBits(await loadLayersModel(fileHandler(folder)))
      expect(models.map(allBits)).toContainEqual(kept)
    }
  })

  it('fileHandler saves one after the other through a symbolic link to the folder, or above it', async () => {
    const models = [smallModel(1), smallModel(2)]
    for (let turn = 0; turn < 10; turn++) {
      const [above, links] = [temporaryFolder(), temporaryFolder()]
      const folder = join(above, 'model')
      if (turn % 2 === 0) mkdirSync(folder)
      symlinkSync(above, join(links, 'above'), 'dir')
      if (turn % 2 === 0) symlinkSync(folder, join(links, 'model'), 'dir')
      const through = turn % 2 === 0 ? join(links, 'model') : folder
      const handlers = [folder, through, join(links, 'above', 'model')].map((path) =>
        fileHandler(path),
      )
      await Promise.all(handlers.map((handler, i) => models[i % 2]!.save(handler)))
      expect(Object.keys(filesIn(folder))).toHaveLength(2)
    }
  })

  it('fileHandler saves after a save into the same folder that failed', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const handler = fileHandler(join(folder, 'file'))
    const saves = await Promise.allSettled([
      smallModel(1).save(handler),
      smallModel(2).save(handler),
    ])
    expect(saves.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    rmSync(join(folder, 'file'))
    await smallModel(2).save(handler)
    expect(Object.keys(filesIn(join(folder, 'file')))).toHaveLength(2)
  })

  it('fileHandler saves a model without weights', async () => {
    const folder = temporaryFolder()
    await sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] }).save(fileHandler(folder))
    expect((await loadLayersModel(fileHandler(folder))).countParams()).toBe(0)
  })

  it('fileHandler writes weights from views, from uneven buffers and from a stream', async () => {
    const model = smallModel(1)
    const artifacts = await artifactsOf(model)
    const bytes = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData))
    const room = new Uint8Array(bytes.length + 8)
    room.set(bytes, 4)
    const { weightData: _, ...rest } = artifacts
    const given: readonly io.ModelArtifacts[] = [
      { ...rest, weightData: room.subarray(4, 4 + bytes.length) as never },
      { ...rest, weightData: [new ArrayBuffer(0), bytes.buffer] },
      { ...rest, getWeightStream: () => new Blob([bytes]).stream() as never },
    ]
    for (const one of given) {
      const folder = temporaryFolder()
      const { modelArtifactsInfo } = await fileHandler(folder).save!(one)
      expect(modelArtifactsInfo.weightDataBytes).toBe(bytes.length)
      expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(model))
    }
  })

  it('fileHandler refuses weights that are not as long as their list says, and leaves the folder', async () => {
    const folder = await savedFolder()
    const before = filesIn(folder)
    const { weightData, ...rest } = await artifactsOf(smallModel(1))
    const bytes = io.CompositeArrayBuffer.join(weightData)
    const save = (artifacts: io.ModelArtifacts) =>
      lateRefusalOf(async () => fileHandler(folder).save!(artifacts))
    expect(await save({ ...rest, weightData: bytes.slice(4) })).toMatch(
      /^RangeError: Cannot save the model: expected weights of 176 bytes at least, got 172/,
    )
    expect(await save({ ...rest, weightData: [bytes, new ArrayBuffer(4)] })).toMatch(
      /^RangeError: Cannot save the model: expected weights of 176 bytes, got 180/,
    )
    expect(await save(rest)).toMatch(/^TypeError: .*expected artifacts with weightData, got undef/)
    expect(filesIn(folder)).toEqual(before)
  })

  it('fileHandler refuses what is no path, another JSON file to save and artifacts without a topology', async () => {
    for (const [path, got] of [
      [7, '7'],
      [null, 'null'],
      [{}, 'object'],
    ] as const) {
      expect(refusalOf(() => fileHandler(path as never))).toBe(
        `TypeError: Cannot use files: expected a path, got ${got}`,
      )
    }
    expect(refusalOf(() => fileHandler(''))).toMatch(/^RangeError: .*expected a path, got ''/)
    expect(refusalOf(() => fileHandler('file://'))).toMatch(/^RangeError: /)
    expect(refusalOf(() => fileHandler('indexeddb://model'))).toMatch(
      /^RangeError: .*got indexeddb:\/\/model/,
    )
    const folder = temporaryFolder()
    const save = (path: string, artifacts: io.ModelArtifacts) =>
      lateRefusalOf(async () => fileHandler(path).save!(artifacts))
    expect(await save(join(folder, 'net.json'), {})).toMatch(
      /^RangeError: .*or its model\.json, got .*net\.json/,
    )
    expect(await save(folder, { weightSpecs: [], weightData: new ArrayBuffer(0) })).toMatch(
      /^TypeError: .*got undefined/,
    )
    expect(await save(folder, { modelTopology: new ArrayBuffer(4) })).toMatch(
      /^TypeError: .*got bytes/,
    )
    expect(filesIn(folder)).toEqual({})
  })

  it('fileHandler rejects where there are no files', async () => {
    const lookUp = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    const refusals = [
      await loadRefusal('model'),
      await lateRefusalOf(async () => smallModel().save(fileHandler('model'))),
    ]
    lookUp.mockRestore()
    for (const refusal of refusals)
      expect(refusal).toMatch(/^Error: .*expected Node .*got a platform without files/)
  })
})
