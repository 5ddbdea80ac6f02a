import type { io } from '@tensorflow/tfjs-core'
import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { compressedHandler, saveCompressed } from '../../src/files/index.js'
import { pruneWeights } from '../../src/index.js'
import { around, loadGraph, outputsOf } from '../support/graph-models.js'
import { humanGraph, nsfwGraph } from './graph-files.js'

const graphs: Record<string, { load: () => Promise<io.ModelArtifacts>; shape: number[] }> = {
  'MobileNetV2Mid of nsfwjs': { load: nsfwGraph, shape: [1, 224, 224, 3] },
  emotion: { load: humanGraph('emotion').load!, shape: [1, 64, 64, 1] },
  blazeface: { load: humanGraph('blazeface').load!, shape: [1, 256, 256, 3] },
  antispoof: { load: humanGraph('antispoof').load!, shape: [1, 128, 128, 3] },
  liveness: { load: humanGraph('liveness').load!, shape: [1, 32, 32, 3] },
}

async function compressed(source: io.ModelArtifacts): Promise<Uint8Array> {
  let file = new Uint8Array()
  const take = (bytes: Uint8Array<ArrayBuffer>) => {
    file = bytes
  }
  await saveCompressed(source, take)
  return file
}

/** Outputs of a graph, their names and their order. */
async function run(source: io.ModelArtifacts | io.IOHandler, inputs: Tensor) {
  const model = await loadGraph(source)
  const outputs = outputsOf(model, inputs)
  model.dispose()
  return outputs
}

describe.each(Object.keys(graphs))('a graph model from npm, %s', (name) => {
  test(`saveCompressed gives ${name} back with equal outputs, in their order`, async () => {
    const { load, shape } = graphs[name]!
    const artifacts = await load()
    const inputs = tensor(
      around(
        shape.reduce((a, b) => a * b, 1),
        1,
      ),
      shape,
    )
    const file = await compressed(artifacts)
    const handler = compressedHandler(file)
    expect(await run(handler, inputs)).toEqual(await run(artifacts, inputs))
    inputs.dispose()
  })
})

test('pruneWeights leaves a tenth of the kernels of emotion, in a file of a seventh', async () => {
  const source = await humanGraph('emotion').load!()
  const { artifacts, mask } = await pruneWeights(source, { density: 0.1 })
  expect(mask.weights).toHaveLength(13)
  expect(Math.abs(mask.density - 0.1)).toBeLessThan(0.001)
  const [whole, pruned] = [await compressed(source), await compressed(artifacts)]
  expect(pruned.length).toBeLessThan(whole.length / 7)
})
