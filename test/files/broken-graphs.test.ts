import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fileHandler, saveCompressed, saveQuantised } from '../../src/files/index.js'
import { pruneWeights } from '../../src/index.js'
import { compileSparse, openCompressed } from '../../src/sparse/index.js'
import { mixedGraph } from '../support/graph-models.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { temporaryFolder } from './files.js'

const bytesOf = ({ weightData }: io.ModelArtifacts) => weightData as ArrayBuffer

/** Saves a source into a folder; tells why not, and the files that are there then. */
async function refusedSave(source: io.ModelArtifacts | io.IOHandler) {
  const folder = temporaryFolder()
  const place = join(folder, 'model.tfpr')
  const refusals = [
    await lateRefusalOf(async () => saveCompressed(source, place)),
    await lateRefusalOf(async () =>
      saveQuantised(source, join(folder, 'model'), { type: 'uint8' }),
    ),
    await lateRefusalOf(async () => pruneWeights(source, { density: 0.5 })),
  ]
  expect(readdirSync(folder)).toEqual([])
  return refusals
}

/** A folder with the graph on disk, whose list of weights and file may be changed. */
async function graphOnDisk(change: { shard?: string; cut?: number; json?: object }) {
  const folder = temporaryFolder()
  const { weightData, weightSpecs, ...parts } = await mixedGraph()
  const { shard = 'group1-shard1of1.bin', cut = 0, json = {} } = change
  const weightsManifest = [{ paths: [shard], weights: weightSpecs }]
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...parts, weightsManifest, ...json }))
  const bytes = new Uint8Array(weightData as ArrayBuffer)
  writeFileSync(join(folder, 'group1-shard1of1.bin'), bytes.subarray(0, bytes.length - cut))
  return fileHandler(folder)
}

test('saveCompressed, saveQuantised and pruneWeights refuse data that are cut off, and leave no file', async () => {
  const whole = await mixedGraph()
  const cut = { ...whole, weightData: bytesOf(whole).slice(0, -1) }
  for (const refusal of await refusedSave(cut))
    expect(refusal).toMatch(/^RangeError: Cannot .* expected weights of \d+ bytes.*cut off or of/)
  const longer = { ...whole, weightData: [bytesOf(whole), new ArrayBuffer(1)] }
  for (const refusal of await refusedSave(longer)) expect(refusal).toMatch(/of another model\?$/)
  const inText = { ...whole, weightData: bytesOf(whole).slice(0, -20) }
  for (const refusal of await refusedSave(inText)) expect(refusal).toMatch(/^RangeError: /)
})

test('saveCompressed, saveQuantised and pruneWeights name a file of weights that is cut off', async () => {
  // Of texts the length stands in the data alone.
  for (const refusal of await refusedSave(await graphOnDisk({ cut: 3 })))
    expect(refusal).toMatch(/^RangeError: .*bytes.*(cut off|fetch them again)/)
})

test('saveCompressed, saveQuantised and pruneWeights name weights outside of the folder', async () => {
  for (const refusal of await refusedSave(await graphOnDisk({ shard: '../weights.bin' })))
    expect(refusal).toMatch(
      /expected files of weights in the folder of .*model\.json or below, got "\.\.\/weights\.bin": put them there/,
    )
})

test('saveCompressed, saveQuantised and pruneWeights name a file of weights that is missing', async () => {
  for (const refusal of await refusedSave(await graphOnDisk({ shard: 'group1-shard1of2.bin' })))
    expect(refusal).toMatch(/expected to read .*group1-shard1of2\.bin, got ENOENT/)
})

test('saveCompressed, saveQuantised and pruneWeights refuse a model of Keras 3, with the remedy', async () => {
  const input = { class_name: 'InputLayer', config: { batch_shape: [null, 4], name: 'input' } }
  const model_config = { class_name: 'Functional', config: { name: 'm', layers: [input] } }
  const modelTopology = { keras_version: '3.6.0', model_config }
  const wanted =
    /expected a model that tfjs reads.*, got one of Keras 3\.6\.0: save it with Keras 2/
  for (const refusal of await refusedSave(await graphOnDisk({ json: { modelTopology } })))
    expect(refusal).toMatch(wanted)
  for (const refusal of await refusedSave({ ...(await mixedGraph()), modelTopology }))
    expect(refusal).toMatch(wanted)
})

test('saveCompressed, saveQuantised and pruneWeights refuse a weight twice, and one of an unknown type', async () => {
  const whole = await mixedGraph()
  const [first, ...others] = whole.weightSpecs!
  const twice = {
    ...whole,
    weightSpecs: [first!, { ...others[0]!, name: 'conv' }, ...others.slice(1)],
  }
  for (const refusal of await refusedSave(twice))
    expect(refusal).toMatch(/expected each weight once, got conv twice/)
  const unknown = { ...whole, weightSpecs: [{ ...first!, dtype: 'int64' as 'int32' }, ...others] }
  for (const refusal of await refusedSave(unknown))
    expect(refusal).toMatch(/^TypeError: .*a known dtype for the weight conv, got int64/)
})

test.each([
  [{ name: undefined }, 'weightSpecs with a name each, got undefined'],
  [{ shape: [-3, -3, 2, 4] }, 'a shape of whole numbers for the weight conv, got [-3,-3,2,4]'],
  [{ shape: ['3'] }, 'a shape of whole numbers for the weight conv, got ["3"]'],
  [{ shape: [null, 4] }, 'a shape of whole numbers for the weight conv, got [null,4]'],
  [{ dtype: 'uint8' }, 'a known dtype for the weight conv, got uint8'],
  [{ quantization: { dtype: 'int8' } }, 'a known dtype for the weight conv, got float32 in int8'],
  [{ quantization: null }, 'a known dtype for the weight conv, got float32 in undefined'],
  [
    { dtype: 'int32', quantization: { dtype: 'float16' } },
    'a known dtype for the weight conv, got int32 in float16',
  ],
  [
    { quantization: { dtype: 'uint8' } },
    'a finite min and scale for the weight conv, got undefined and undefined',
  ],
])('saveCompressed, saveQuantised and pruneWeights refuse the entry %j', async (part, wanted) => {
  const whole = await mixedGraph()
  const [first, ...others] = whole.weightSpecs!
  const weightSpecs = [{ ...first, ...part } as io.WeightsManifestEntry, ...others]
  for (const refusal of await refusedSave({ ...whole, weightSpecs }))
    expect(refusal).toMatch(`expected ${wanted}`)
})

test.each([
  [{ node: [null] }, 'nodes with a name and an op in the graph, got null'],
  [{ node: [{ name: 'a' }] }, 'nodes with a name and an op in the graph, got "a"'],
  [{ node: [{ name: 'a', op: 'Add', input: 'b' }] }, 'names as the inputs of a in the graph'],
  [{ node: [{ name: 'a', op: 'Add', input: [1] }] }, 'names as the inputs of a in the graph'],
  [{ node: [], library: { function: {} } }, 'a list of functions in the graph, got object'],
  [
    { node: [], library: { function: [{ nodeDef: [3] }] } },
    'nodes with a name and an op in the graph, got 3',
  ],
])('saveCompressed, saveQuantised and pruneWeights refuse the graph %j', async (graph, wanted) => {
  const source = { ...(await mixedGraph()), modelTopology: graph }
  for (const refusal of await refusedSave(source))
    expect(refusal).toMatch(new RegExp(`^TypeError: .*expected ${wanted}`))
})

test('openCompressed names a graph, which compileSparse cannot run, with the remedy', async () => {
  const files: Uint8Array<ArrayBuffer>[] = []
  await saveCompressed(await mixedGraph(), (bytes) => files.push(bytes))
  const refusal = await lateRefusalOf(async () => compileSparse(await openCompressed(files[0]!)))
  expect(refusal).toMatch(
    /got a graph model: load it, loadGraphModel\(compressedHandler\(source\)\)/,
  )
})

test('saveCompressed refuses texts whose lengths do not fit', async () => {
  const source = await mixedGraph()
  const text = new TextEncoder().encode('cat')
  const bytes = new Uint8Array(bytesOf(source))
  const at = bytes.findIndex((_, i) => text.every((byte, k) => bytes[i + k] === byte))
  bytes[at - 4] = 2
  // The list then ends in the middle of a text, or behind the data.
  const refusals = await refusedSave(source)
  for (const refusal of refusals) expect(refusal).toMatch(/^RangeError: .*weights of/)
})
