import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxDifference } from './support/differences.js'
import { buildNetwork, networkPlans } from './support/random-networks.js'

// Networks of three axes run on the cpu backend alone; more networks: ONNX_NETWORKS=1000.
const numRuns = Number(process.env.ONNX_NETWORKS ?? 60)

test.runIf(process.env.TFJS_BACKEND === 'cpu')(
  'toOnnx writes any network so that onnxruntime gives its outputs to 1e-5',
  async () => {
    await fc.assert(
      fc.asyncProperty(networkPlans, async (plan) => {
        const network = buildNetwork(plan)
        try {
          const difference = await onnxDifference(network, { batches: [2], seed: plan.seed })
          expect(difference).toBeLessThan(1e-5)
        } finally {
          network.dispose()
        }
      }),
      { numRuns },
    )
  },
  numRuns * 10_000,
)
