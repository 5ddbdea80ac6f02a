import { memory } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { units } from '../../src/granularity/units.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { shrink } from '../../src/shrink/shrink.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { fillFinite } from './random-graphs.js'
import { differenceOf, inputsFor, outputsOf } from './support.js'

const recurrentInitializer = 'glorotNormal' as const

/** Layers that take in a sequence and put one out. */
const blocks: Readonly<Record<string, (cells: number, useBias: boolean) => layers.Layer>> = {
  lstm: (cells, useBias) =>
    layers.lstm({ units: cells, useBias, recurrentInitializer, returnSequences: true }),
  gru: (cells, useBias) =>
    layers.gru({
      ...{ units: cells, useBias, recurrentInitializer, returnSequences: true },
      goBackwards: true,
    }),
  simpleRNN: (cells, useBias) =>
    layers.simpleRNN({ units: cells, useBias, recurrentInitializer, returnSequences: true }),
  both: (cells, useBias) =>
    layers.bidirectional({
      ...{ mergeMode: useBias ? 'concat' : 'sum' },
      layer: blocks.gru!(cells, useBias) as layers.RNN,
    }),
  steps: (cells, useBias) =>
    layers.timeDistributed({ layer: layers.dense({ units: cells, useBias, activation: 'relu' }) }),
  conv: (cells, useBias) =>
    layers.conv1d({ filters: cells, useBias, kernelSize: 3, padding: 'same', activation: 'tanh' }),
  norm: (cells, useBias) => layers.batchNormalization({ scale: cells % 2 === 0, center: useBias }),
  noise: () => layers.dropout({ rate: 0.3 }),
}

const plans = fc.record({
  names: fc.array(fc.constantFrom(...Object.keys(blocks)), { minLength: 1, maxLength: 4 }),
  cells: fc.integer({ min: 2, max: 5 }),
  useBias: fc.boolean(),
  seed: fc.nat(99),
})

function build(plan: { names: string[]; cells: number; useBias: boolean }): LayersModel {
  const { names, cells, useBias } = plan
  const first = layers.lstm({
    ...{ units: cells, recurrentInitializer, returnSequences: true, inputShape: [4, 3] },
  })
  const middle = names.map((name, i) => blocks[name]!(cells + (i % 2), useBias))
  const last = layers.gru({ units: 4, recurrentInitializer })
  return sequential({ layers: [first, ...middle, last, layers.dense({ units: 2 })] })
}

it('shrink leaves no more units than were asked for, and the outputs, of random sequences', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ seed, ...plan }) => {
      const model = fillFinite(build(plan), seed)
      const before = memory().numTensors
      const mask = wholeUnits(
        model,
        await computeMask(model, {
          ...{ density: 0.5, granularity: units(), select: { keepLastLayer: true } },
        }),
      )
      const { model: small, layers: cut, kept } = await shrink(model, { mask, seed })
      expect(kept).toEqual([])
      const sizes = cut.slice(0, -1).map((layer) => [layer.after, Math.round(layer.before / 2)])
      for (const [after, wanted] of sizes) expect(after).toBeLessThanOrEqual(wanted!)
      const inputs = inputsFor(model, seed)
      applyMask(model, mask)
      expect(differenceOf(outputsOf(model, inputs), outputsOf(small, inputs))).toBeLessThan(1e-5)
      for (const input of inputs) input.dispose()
      small.dispose()
      expect(memory().numTensors).toBe(before)
      model.dispose()
    }),
    { numRuns: Number(process.env.RUNS ?? 40), seed: 7 },
  )
})
