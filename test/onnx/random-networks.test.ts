import { serialization } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classNameOf } from '../../src/internal/class-name.js'
import { visitLayers } from '../../src/internal/model-weights.js'
import { refusingWriters } from '../../src/onnx/layers/refused.js'
import { writerOf } from '../../src/onnx/layers/writers.js'
import { onnxDifference } from './support/differences.js'
import {
  buildNetwork,
  type NetworkPlan,
  networkPlans,
  singlePlans,
  TOKENS,
} from './support/random-networks.js'

// Networks of three axes run on the cpu backend alone; more networks: ONNX_NETWORKS=1000.
const numRuns = Number(process.env.ONNX_NETWORKS ?? 60)

async function expectSame(plan: NetworkPlan): Promise<void> {
  const network = buildNetwork(plan)
  try {
    const below = plan.input === 'tokens' ? { below: TOKENS } : {}
    const difference = await onnxDifference(network, { batches: [2], seed: plan.seed, ...below })
    expect(difference).toBeLessThan(1e-5)
  } finally {
    network.dispose()
  }
}

describe.runIf(process.env.TFJS_BACKEND === 'cpu')('random networks', () => {
  test(
    'toOnnx writes any network so that onnxruntime gives its outputs to 1e-5',
    async () => {
      await fc.assert(fc.asyncProperty(networkPlans, expectSame), { numRuns })
    },
    numRuns * 10_000,
  )

  test('toOnnx writes a network of each block alone', async () => {
    for (const plan of singlePlans) await expectSame(plan)
  }, 300_000)

  test('networkPlans hold every layer that toOnnx writes', () => {
    const { classNameMap } = serialization.SerializationMap.getMap()
    const written = Object.keys(classNameMap).filter(
      (name) => writerOf(name) && !Object.hasOwn(refusingWriters, name),
    )
    const built = new Set(singlePlans.flatMap(classesOf))
    expect(written.filter((name) => !built.has(name))).toEqual([])
  })
})

function classesOf(plan: NetworkPlan): readonly string[] {
  const network = buildNetwork(plan)
  const names: string[] = []
  const take = (layer: layers.Layer) => names.push(classNameOf(layer))
  visitLayers(network.layers, { prefix: '', frozen: false }, take)
  network.dispose()
  return names
}
