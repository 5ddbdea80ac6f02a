import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { fileHandler } from '../../../src/files/index.js'
import { bitsOf } from '../../layers/models.js'
import { lateRefusalOf } from '../../support/refusal-of.js'
import { smallModel } from '../../support/small-models.js'
import { type Edits, edit, modelJsonIn, savedFolder, temporaryFolder } from '../files.js'

const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)

const loadRefusal = (path: string) => lateRefusalOf(async () => fileHandler(path).load!())

describe('fileHandler, loading', () => {
  it('fileHandler reads several shards and groups, in folders below too', async () => {
    const folder = await savedFolder()
    const { weightsManifest } = modelJsonIn(folder)
    const { paths, weights } = weightsManifest[0]!
    const bytes = readFileSync(join(folder, paths[0]!))
    mkdirSync(join(folder, 'shards'))
    // hidden/kernel and hidden/bias, then out/kernel and out/bias: 4 (24 + 6) bytes, and 4 (12 +
    // 2).
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

  it('fileHandler reads a last shard that is longer than the others', async () => {
    const folder = await savedFolder()
    const [group] = modelJsonIn(folder).weightsManifest
    const bytes = readFileSync(join(folder, group!.paths[0]!))
    writeFileSync(join(folder, 'a'), bytes.subarray(0, 20))
    writeFileSync(join(folder, 'b'), bytes.subarray(20))
    edit(folder, { group: { paths: ['a', 'b'] } })
    const loaded = await loadLayersModel(fileHandler(folder))
    expect(allBits(loaded)).toEqual(allBits(smallModel()))
  })

  it('fileHandler tells the way out of a model.json that is cut off, or of no model', async () => {
    const folder = await savedFolder()
    const path = join(folder, 'model.json')
    writeFileSync(path, readFileSync(path).subarray(0, 200))
    expect(await loadRefusal(folder)).toMatch(/expected JSON in .+ fetch it again$/)
    writeFileSync(path, '{ "name": "a-package" }')
    expect(await loadRefusal(folder)).toMatch(/expected a modelTopology in .+: name the file that /)
    writeFileSync(path, '{ "modelTopology": {} }')
    expect(await loadRefusal(folder)).toMatch(/as weightsManifest in .+: name the file that /)
  })

  it('fileHandler tells a missing folder, a missing shard and a file in place of a folder', async () => {
    const folder = await savedFolder()
    const gone = await loadRefusal(join(folder, 'gone'))
    expect(gone).toMatch(
      /^Error: Cannot load the model: expected to read .*gone\/model\.json, got ENOENT/,
    )
    const [name] = modelJsonIn(folder).weightsManifest[0]!.paths
    renameSync(join(folder, name!), join(folder, 'elsewhere.bin'))
    expect(await loadRefusal(folder)).toMatch(
      new RegExp(`^Error: .*expected to read .*${name}, got ENOENT`),
    )
    const below = await lateRefusalOf(async () =>
      smallModel().save(fileHandler(join(folder, 'elsewhere.bin', 'x'))),
    )
    expect(below).toMatch(
      /^Error: Cannot save the model: expected to make the folder .*, got ENOTDIR/,
    )
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
      expect(await loadRefusal(folder)).toMatch(
        new RegExp(`^RangeError: .*expected 176 bytes .*got ${176 + more}: .*; fetch them again$`),
      )
    },
  )

  it.each<[string, Edits]>([
    ['a modelTopology', { json: { modelTopology: undefined } }],
    ['a list as weightsManifest', { json: { weightsManifest: undefined } }],
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
    expect(await loadRefusal(folder)).toMatch(
      new RegExp(`^RangeError: Cannot load the model: expected .*${wanted}`),
    )
  })

  it.each(['', '{"modelTopology":', 'null', '7', '[]'])(
    'fileHandler refuses the model.json %j',
    async (text) => {
      const folder = await savedFolder()
      writeFileSync(join(folder, 'model.json'), text)
      expect(await loadRefusal(folder)).toMatch(
        /^RangeError: Cannot load the model: expected .*model\.json, got /,
      )
    },
  )

  it('fileHandler leaves no tensor', async () => {
    const model = smallModel()
    const folder = temporaryFolder()
    await expect(() => model.save(fileHandler(folder))).toLeaveNoTensors()
  })
})
