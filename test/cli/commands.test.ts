import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { tensor4d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { certifyScores, setDecisionThreshold, weightsFingerprint } from 'tfjs-prune/certify'
import { compressedHandler, fileHandler } from 'tfjs-prune/files'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { compress } from '../../src/cli/commands/compress.js'
import { inspect } from '../../src/cli/commands/inspect.js'
import { onnx } from '../../src/cli/commands/onnx.js'
import { prune } from '../../src/cli/commands/prune.js'
import { shrink } from '../../src/cli/commands/shrink.js'
import { openLayers } from '../../src/cli/models/open-layers.js'
import { openModel } from '../../src/cli/models/open-model.js'
import { loadGraph, mixedGraph } from '../support/graph-models.js'
import { saveNetwork, temporaryFolder } from './support.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const model = at('model')

beforeAll(() => saveNetwork(model))

function outputOf(loaded: LayersModel): Float32Array {
  const input = tensor4d(
    Array.from({ length: 64 }, (_, i) => Math.sin(i)),
    [1, 8, 8, 1],
  )
  const output = loaded.predict(input) as ReturnType<typeof tensor4d>
  const values = output.dataSync<'float32'>().slice()
  for (const one of [input, output]) one.dispose()
  loaded.dispose()
  return values
}

test('openLayers reads a URL whose last file of weights is longer than the others', async () => {
  const json = JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'))
  const [group] = json.weightsManifest
  const bytes = readFileSync(join(model, group.paths[0]))
  group.paths = ['a.bin', 'b.bin']
  const files: Readonly<Record<string, Uint8Array | string>> = {
    '/model.json': JSON.stringify(json),
    '/a.bin': bytes.subarray(0, 100),
    '/b.bin': bytes.subarray(100),
  }
  const server = createServer(({ url = '' }, response) => void response.end(files[url])).listen(0)
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const loaded = await openLayers(`http://localhost:${port}/model.json`, 'test')
  const own = await openLayers(model, 'test')
  expect(outputOf(loaded)).toEqual(outputOf(own))
})

test('openModel names the file of a server that is missing, cut off or no model', async () => {
  const json = readFileSync(join(model, 'model.json'), 'utf8')
  const [name] = JSON.parse(json).weightsManifest[0].paths
  const files: Readonly<Record<string, Uint8Array | string>> = {
    '/none/model.json': json,
    '/cut/model.json': json,
    [`/cut/${name}`]: readFileSync(join(model, name)).subarray(0, 400),
    '/page.tfpr': '<html>no model, a page</html>',
  }
  const server = createServer(({ url = '' }, response) => {
    response.statusCode = files[url] ? 200 : 404
    response.end(files[url] ?? '<html>none</html>')
  }).listen(0)
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const host = `http://localhost:${port}`
  const opening = (place: string) => openModel(`${host}${place}`)
  await expect(opening('/none/model.json')).rejects.toThrow(
    `Cannot load the model: expected a file at ${host}/none/${name}, got status 404`,
  )
  await expect(opening('/cut/')).rejects.toThrow(
    `expected 2632 bytes of weights in ${host}/cut/${name}, got 400: one is cut off`,
  )
  await expect(opening('/page.tfpr')).rejects.toThrow(
    `got a page of HTML or XML, in ${host}/page.tfpr`,
  )
  await expect(openModel('http://[/')).rejects.toThrow('expected a URL, got http://[/')
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await expect(opening('/none/model.json')).rejects.toThrow(
    `expected an answer from ${host}/none/model.json, got fetch failed`,
  )
})

test('openModel names a .tfpr file that is cut off', async () => {
  await compress(model, at('whole.tfpr'))
  writeFileSync(at('cut.tfpr'), readFileSync(at('whole.tfpr')).subarray(0, 700))
  await expect(openModel(at('cut.tfpr'))).rejects.toThrow(`, in ${at('cut.tfpr')}`)
})

describe('a model with a certificate', () => {
  const certified = at('certified')

  beforeAll(async () => {
    const own = await openLayers(model, 'test')
    const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
    const fingerprint = await weightsFingerprint(own)
    const certificate = certifyScores(
      [{ round: 0, density: 1, labels, scores: labels, fingerprint }],
      {
        ...{ positiveClass: 1, confidence: 0.95 },
        ...{ maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1 },
      },
    )
    const { threshold } = certificate.accepted!
    setDecisionThreshold(own, { threshold, positiveClass: 1, certificate })
    await own.save(fileHandler(certified))
    own.dispose()
  })

  test.each(['pruned', 'pruned.tfpr'])('prune refuses to write it to %s', async (output) => {
    const pruning = prune(certified, at(output), { density: 0.5 })
    await expect(pruning).rejects.toThrow('expected the certified weights, of the fingerprint ')
    expect(existsSync(at(output))).toBe(false)
  })

  test('compress keeps it with the values that it is of', async () => {
    await compress(certified, at('same'), { type: 'float32' })
    const { userDefinedMetadata } = await fileHandler(at('same')).load!()
    expect(userDefinedMetadata).toEqual((await fileHandler(certified).load!()).userDefinedMetadata)
  })
})

describe('inspect', () => {
  test('inspect tells kind, inputs, parameters and sizes of a model of layers', async () => {
    const { kind, inputs, parameters, bytes, files, weights } = await inspect(model)
    expect({ kind, inputs, parameters }).toEqual({
      kind: 'layers model',
      inputs: [{ name: 'conv', shape: [-1, 8, 8, 1] }],
      parameters: 9 * 8 + 8 + 288 * 2 + 2,
    })
    const stock = files.find(({ file, type }) => file === 'stock' && type === 'float32')!
    expect(Math.abs(stock.bytes - bytes!)).toBeLessThan(100)
    expect(weights.map(({ name }) => name)).toContain('conv/kernel')
  })

  test('inspect tells a graph model from one of layers', async () => {
    const graph = fileHandler(at('graph'))
    const { signature: _, modelTopology, ...rest } = await mixedGraph()
    const topology = modelTopology as { node: { name: string; op: string; attr?: object }[] }
    const { name, attr } = topology.node.find(({ op }) => op === 'Placeholder')!
    const shape = { shape: { dim: [{ size: '-1' }, { size: '8' }] } }
    const node = topology.node.map((one) =>
      one.name === name ? { ...one, attr: { ...attr, shape } } : one,
    )
    await graph.save!({ ...rest, modelTopology: { ...topology, node } })
    const { kind, inputs } = await inspect(at('graph'))
    expect({ kind, inputs }).toEqual({ kind: 'graph model', inputs: [{ name, shape: [-1, 8] }] })
  })

  test('inspect names the JSON files of a folder that has no model.json', async () => {
    const [several, none] = [at('several'), at('none')]
    mkdirSync(several)
    for (const name of ['b.json', 'a.json']) writeFileSync(join(several, name), '{}')
    await compress(model, join(none, 'x.tfpr'))
    await expect(inspect(several)).rejects.toThrow('got 2 JSON files: a.json, b.json; name one')
    await expect(inspect(none)).rejects.toThrow('got no JSON file')
  })
})

describe('compress', () => {
  test('compress keeps every value in a .tfpr file of float32', async () => {
    const outcome = await compress(model, at('same.tfpr'))
    expect(outcome.after).toBe(statSync(at('same.tfpr')).size)
    expect(outcome.after).toBeLessThan(outcome.before!)
    const loaded = await loadLayersModel(compressedHandler(at('same.tfpr')))
    expect(outputOf(loaded)).toEqual(outputOf(await loadLayersModel(fileHandler(model))))
  })

  test('compress writes a folder that stock tfjs loads, of uint8', async () => {
    const { type, before, after, misses } = await compress(model, at('stock'))
    expect(type).toBe('uint8')
    expect(after).toBeLessThan(before!)
    expect(misses).toMatch(/^Misses were not measured/)
    expect((await loadLayersModel(fileHandler(at('stock')))).countParams()).toBe(658)
  })

  test('compress takes a .tfpr file, also back to a folder', async () => {
    await compress(model, at('there.tfpr'))
    await compress(at('there.tfpr'), at('back'), { type: 'float32' })
    const [there, back] = [model, at('back')].map(async (path) =>
      outputOf(await loadLayersModel(fileHandler(path))),
    )
    expect(await back).toEqual(await there)
  })

  test('compress refuses an output that is there, and leaves it as it is', async () => {
    writeFileSync(at('taken.tfpr'), 'mine')
    await expect(compress(model, at('taken.tfpr'))).rejects.toThrow('--force replaces it')
    expect(statSync(at('taken.tfpr')).size).toBe(4)
    await compress(model, at('taken.tfpr'), { force: true })
    expect(statSync(at('taken.tfpr')).size).toBeGreaterThan(1000)
  })

  test.each(['x.bin', 'x.onnx', 'x.html'])('compress makes no folder called %s', async (output) => {
    const wanted = `expected a folder, its model.json or a .tfpr file, got a name that ends in ${output.slice(1)}`
    await expect(compress(model, at(output))).rejects.toThrow(wanted)
    expect(existsSync(at(output))).toBe(false)
  })

  test('compress refuses a type that the form does not have, before it reads', async () => {
    await expect(compress('nothing', at('x'), { type: 'int8' })).rejects.toThrow('got int8')
    await expect(compress('nothing', at('x.tfpr'), { type: 'uint8' })).rejects.toThrow('got uint8')
  })
})

describe('prune', () => {
  test('prune keeps the share that is asked for, and says that misses were not measured', async () => {
    const pruned = await prune(model, at('tenth.tfpr'), { density: 0.1 })
    expect(pruned.kept).toBe(Math.round(72 * 0.1) + Math.round(576 * 0.1))
    expect(pruned.misses).toMatch(/^Misses were not measured/)
    expect((await inspect(at('tenth.tfpr'))).weights.map(({ kept }) => kept)).toContain(58)
  })

  test('prune leaves excluded weights whole', async () => {
    const options = { density: 0.5, exclude: ['head'] }
    const { weights } = await prune(model, at('spared.tfpr'), options)
    expect(weights.map(({ name }) => name)).toEqual(['conv/kernel'])
  })

  test('prune prunes a graph model, which loads again', async () => {
    await fileHandler(at('whole-graph')).save!(await mixedGraph())
    const { kind, density } = await prune(at('whole-graph'), at('pruned-graph'), { density: 0.5 })
    expect(kind).toBe('graph model')
    expect(density).toBeCloseTo(0.5, 1)
    const loaded = await loadGraph(fileHandler(at('pruned-graph')))
    expect(loaded.inputs).toHaveLength(1)
    loaded.dispose()
  })
})

test('prune in cells leaves depthwise kernels whole, and says so', async () => {
  const network = sequential({
    layers: [
      layers.depthwiseConv2d({ name: 'deep', kernelSize: 3, inputShape: [6, 6, 4] }),
      layers.conv2d({ name: 'conv', filters: 4, kernelSize: 1 }),
    ],
  })
  await network.save(fileHandler(at('deep')))
  network.dispose()
  const { weights, skipped } = await prune(at('deep'), at('cells.tfpr'), { density: 0.5, cells: 4 })
  expect(weights.map(({ name, density }) => [name, density])).toEqual([['conv/kernel', 0.5]])
  expect(skipped.map(({ layer }) => layer)).toEqual(['deep/depthwise_kernel'])
  const named = { density: 0.5, cells: 4, include: ['deep'] }
  await expect(prune(at('deep'), at('named.tfpr'), named)).rejects.toThrow('sums over its inputs')
})

describe('shrink', () => {
  test('prune leaves the units of the last layer, which are the classes', async () => {
    const { weights } = await prune(model, at('classes'), { density: 0.5, units: true })
    expect(weights.every(({ name, density }) => name !== 'head/kernel' || density === 1)).toBe(true)
    expect(weights.some(({ density }) => density < 1)).toBe(true)
  })

  test('shrink takes away the filters that units pruned, with the same outputs', async () => {
    const options = { density: 0.5, units: true, include: ['conv'] }
    await prune(model, at('units'), options)
    const { parameters, layers, bytes } = await shrink(at('units'), at('small'))
    expect(parameters).toEqual({ before: 658, after: 4 * 9 + 4 + 144 * 2 + 2 })
    expect(layers.find(({ layer }) => layer === 'conv')).toMatchObject({ before: 8, after: 4 })
    expect(bytes.after).toBeLessThan(bytes.before!)
    const [whole, small] = [at('units'), at('small')].map(async (path) =>
      outputOf(await loadLayersModel(fileHandler(path))),
    )
    for (const [i, value] of (await small!).entries())
      expect(value).toBeCloseTo((await whole!)[i]!, 5)
  })

  test('shrink refuses a graph model with the way out, and writes nothing', async () => {
    await fileHandler(at('some-graph')).save!(await mixedGraph())
    const shrinking = shrink(at('some-graph'), at('never'))
    await expect(shrinking).rejects.toThrow(/a GraphModel, which has no layers: take the Keras/)
    expect(existsSync(at('never'))).toBe(false)
  })

  test('onnx writes no file that is named as a model of tfjs', async () => {
    await expect(onnx(model, at('wrong.tfpr'))).rejects.toThrow(
      'expected a file such as model.onnx',
    )
    expect(existsSync(at('wrong.tfpr'))).toBe(false)
  })

  test('shrink leaves no tensors', async () => {
    await expect(() => shrink(model, at('again'), { force: true })).toLeaveNoTensors()
  })
})

test('commands leave no temporary file', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
})
