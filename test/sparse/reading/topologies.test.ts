import { io } from '@tensorflow/tfjs-core'
import { input, layers, loadLayersModel, model, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { openCompressed } from '../../../src/sparse/sources/open-compressed.js'
import { pack } from '../../files/container/forge.js'
import { through } from '../../support/through.js'
import { expectSameOutputs, prunedWeights } from '../support/compare.js'
import { dense, topologies } from '../support/topology-cases.js'

describe('topologies', () => {
  test.each(topologies)('%s', async (_, make) => {
    const own = prunedWeights(make())
    expectSameOutputs(own, readNetwork(await modelSource(own)))
  })

  test.each(topologies)('%s, from a container, by the names of saved weights', async (_, make) => {
    const own = prunedWeights(make())
    const source = await openCompressed(await pack(own))
    expectSameOutputs(own, readNetwork(source))
  })

  test.each(topologies)('%s, loaded by tfjs', async (_, make) => {
    const own = prunedWeights(make())
    let artifacts: io.ModelArtifacts = {}
    await own.save(
      io.withSaveHandler(async (saved) => {
        artifacts = saved
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(artifacts))
    expectSameOutputs(own, readNetwork(await modelSource(loaded)))
  })
})

test('models with equal names of layers in them', async () => {
  const inner = () => sequential({ layers: [dense(3, { name: 'same', inputShape: [3] })] })
  const x = input({ shape: [3] })
  const deep = through(inner(), through(inner(), x))
  const own = prunedWeights(
    model({ inputs: x, outputs: through(dense(3, { name: 'same' }), deep) }),
  )
  expectSameOutputs(own, readNetwork(await modelSource(own)))
})

test('a layer that two nested models share', async () => {
  const twin = dense(3)
  const nested = () => {
    const x = input({ shape: [3] })
    return model({ inputs: x, outputs: through(twin, x) })
  }
  const x = input({ shape: [3] })
  const own = prunedWeights(model({ inputs: x, outputs: through(nested(), through(nested(), x)) }))
  expectSameOutputs(own, readNetwork(await modelSource(own)))
})

test('calls that the file lists before those that they need', async () => {
  const x = input({ shape: [3] })
  const own = prunedWeights(
    model({ inputs: x, outputs: through(dense(2), through(dense(4), through(dense(5), x))) }),
  )
  const source = await modelSource(own)
  const topology = structuredClone(source.topology) as { config: { layers: object[] } }
  topology.config.layers.reverse()
  expectSameOutputs(own, readNetwork({ ...source, topology }))
})

test('the wrapper model_config, and a list of layers as config', async () => {
  const own = prunedWeights(sequential({ layers: [dense(4, { inputShape: [3] }), dense(2)] }))
  const source = await modelSource(own)
  const { config, ...others } = source.topology as { config: { layers: object[] } }
  for (const topology of [
    { model_config: source.topology, keras_version: '2.1.6' },
    { modelTopology: { model_config: source.topology } },
    { ...others, config: config.layers },
  ]) {
    expectSameOutputs(own, readNetwork({ ...source, topology }))
  }
})

test('other shapes of inputs', async () => {
  const x = input({ shape: [null, null, 2] as number[] })
  const conv = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' })
  const own = prunedWeights(
    model({ inputs: x, outputs: through(layers.globalAveragePooling2d({}), through(conv, x)) }),
  )
  const source = await modelSource(own)
  expectSameOutputs(own, readNetwork(source, { inputShapes: [[4, 5, 2]] }))
  expect(() => readNetwork(source)).toThrow(/inputShapes/)
})
