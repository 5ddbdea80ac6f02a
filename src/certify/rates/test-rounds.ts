import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../../internal/busy-models.js'
import { modelWeights } from '../../internal/model-weights.js'
import { readWeights, writeWeights } from '../../internal/weight-values.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Round } from '../../rounds/round.js'
import { writeTrained } from '../../rounds/write-trained.js'

/**
 * Tests rounds in their order with the weights of each in the model, up to the first that failed;
 * the model has its own weights again afterwards, also when something throws.
 */
export async function testRounds<Tested extends { readonly passed: boolean }>(
  model: LayersModel,
  rounds: readonly Round[],
  { task, test }: { readonly task: string; readonly test: (round: Round) => Promise<Tested> },
): Promise<Tested[]> {
  for (const { mask } of rounds) checkMask(model, mask)
  const run = async () => {
    const own = await readWeights(model)
    const tested: Tested[] = []
    try {
      for (const round of rounds) {
        writeTrained(modelWeights(model), round)
        tested.push(await test(round))
        if (!tested.at(-1)!.passed) break
      }
    } finally {
      writeWeights(model, own)
    }
    return tested
  }
  return whileBusy(model, run, task)
}
