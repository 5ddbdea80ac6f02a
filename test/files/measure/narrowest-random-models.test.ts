import { loadLayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { narrowest } from '../../../src/files/measure/narrowest.js'
import { sizeReport } from '../../../src/files/measure/size-report.js'
import { saveCompressed } from '../../../src/files/save-compressed.js'
import type { Evaluation } from '../../../src/types.js'
import { modelPlans, withModel } from '../../support/random-models.js'
import { weightsByName } from '../../support/weights.js'

const missed: Evaluation = {
  confusion: { truePositives: 0, falseNegatives: 1, falsePositives: 0, trueNegatives: 0 },
  ...{ falseNegativeRate: 1, falsePositiveRate: 0, accuracy: 0, auc: 0, loss: 0 },
}
const types = ['codebook4', 'int8', 'float32'] as const

it('narrowest shows evaluate the weights of each file, of nested, shared, recurrent and all other layers', async () => {
  const blocks = new Set<string>()
  await fc.assert(
    fc.asyncProperty(modelPlans, (plan) =>
      withModel(plan, async (model) => {
        const names = model.weights.map(({ originalName }) => originalName)
        fc.pre(new Set(names).size === names.length)
        const own = weightsByName(model)
        const seen: (typeof own)[] = []
        const evaluate = () => {
          seen.push(weightsByName(model))
          return missed
        }
        const { table } = await narrowest(model, { budget: 0, evaluate, types })
        expect(weightsByName(model)).toEqual(own)
        const { files } = await sizeReport(model)
        for (const [i, { type, bytes }] of table.entries()) {
          const saved: Uint8Array[] = []
          await saveCompressed(model, (file) => saved.push(file), { type })
          const loaded = await loadLayersModel(compressedHandler(saved[0]!))
          expect(seen[i + 1]).toEqual(weightsByName(loaded))
          loaded.dispose()
          const row = files.find((one) => one.file === 'container' && one.type === type)!
          expect([bytes, row.bytes]).toEqual([saved[0]!.length, saved[0]!.length])
        }
        for (const block of plan.blocks) blocks.add(block)
      }),
    ),
    { numRuns: 20, seed: 7 },
  )
  for (const block of ['sharedDense', 'nestedApart', 'lstm', 'conv2d', 'batchNormalization']) {
    expect([...blocks]).toContain(block)
  }
})
