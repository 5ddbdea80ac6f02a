import { train as optimizers } from '@tensorflow/tfjs-core'
import { initializers, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { loadBreastCancer } from '../../../examples/support/breast-cancer.js'
import { compressedTypes } from '../../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { narrowest } from '../../../src/files/measure/narrowest.js'
import { saveCompressed } from '../../../src/files/save-compressed.js'
import { saveQuantised } from '../../../src/files/save-quantised.js'
import { classDependent } from '../../../src/losses/class-dependent.js'
import { prune } from '../../../src/prune.js'
import { evaluateOn } from '../../../src/training/evaluate-on.js'
import { fit } from '../../../src/training/fit.js'
import { collecting } from '../collecting.js'

it('narrowest on the breast-cancer table: what it says of a type is what the file of that type does', async () => {
  const { train, validation } = loadBreastCancer(1)
  const dense = (units: number, seed: number) => ({
    units,
    kernelInitializer: initializers.heNormal({ seed }),
  })
  const model = sequential({
    layers: [
      layers.dense({ ...dense(64, 1), activation: 'relu', inputShape: [30] }),
      layers.dense({ ...dense(32, 2), activation: 'relu' }),
      layers.dense(dense(2, 3)),
    ],
  })
  const evaluate = evaluateOn(validation, { positiveClass: 1 })
  const loss = classDependent({ gamma: 5, lambda: 5 })
  const training = fit(train, {
    loss,
    optimizer: () => optimizers.momentum(0.002, 0.9),
    epochs: 10,
    clipNorm: 5,
    seed: 1,
  })
  const { rounds } = await prune(model, { train: training, evaluate, schedule: [1, 0.3, 0.1] })
  const { mask, evaluation } = rounds.at(-1)!

  const misses = evaluation.confusion.falseNegatives
  const types = [...compressedTypes, 'uint8', 'uint16'] as const
  const found = await narrowest(model, {
    budget: { 0: evaluation.confusion.falsePositives + 5, 1: misses },
    evaluate,
    types,
    mask,
  })
  if (!found.feasible) throw new Error(found.reason)
  expect(found.original.evaluation.scores).toEqual(evaluation.scores)
  expect(found.table.at(-1)!.falseNegatives[1]).toBeLessThanOrEqual(misses)

  const all = await narrowest(model, { budget: { 0: 0, 1: 0 }, evaluate, types, mask })
  for (const { type, bytes, falseNegatives, evaluation: told } of all.table) {
    const stock = collecting()
    const files: Uint8Array[] = []
    if (type === 'uint8' || type === 'uint16') await saveQuantised(model, stock, { type, mask })
    else await saveCompressed(model, (file) => files.push(file), { type, mask })
    const loaded = await loadLayersModel(files[0] ? compressedHandler(files[0]) : stock)
    const { scores, confusion } = await evaluate(loaded)
    expect([type, scores]).toEqual([type, told.scores])
    expect(falseNegatives).toEqual({ 0: confusion.falsePositives, 1: confusion.falseNegatives })
    if (files[0]) expect(bytes).toBe(files[0].length)
    // 256 centres lose nothing here: no layer has more weights left.
    const exact = type === 'float32' || type === 'codebook8'
    if (exact) expect(scores).toEqual(evaluation.scores)
    else expect(scores).not.toEqual(evaluation.scores)
    loaded.dispose()
  }
  expect(all.table.length).toBe(types.length)
  model.dispose()
  for (const { xs } of [train, validation]) xs.dispose()
})
