import { randomNormal, type Tensor } from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { computeMask, synFlow, taylor, wanda } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { fillWeights } from '../support/weights.js'
import { largestError, statisticOf } from './support.js'

const lstm = (name: string) =>
  layers.lstm({
    name,
    units: 4,
    returnSequences: true,
    returnState: true,
    recurrentInitializer: 'glorotNormal',
  })

/** Two recurrent encoders and decoders, each decoder started in the last state of its encoder. */
function encoderDecoder(): LayersModel {
  const [source, target] = [input({ shape: [5, 3] }), input({ shape: [4, 2] })]
  let [from, to]: SymbolicTensor[] = [source, target]
  for (const part of [1, 2]) {
    const [seen, ...initialState] = lstm(`encoder${part}`).apply(from!) as SymbolicTensor[]
    const [said] = lstm(`decoder${part}`).apply(to!, { initialState } as never) as SymbolicTensor[]
    ;[from, to] = [seen, said]
  }
  const last = layers.flatten().apply(to!) as SymbolicTensor
  const out = layers.dense({ name: 'out', units: 2 }).apply(last) as SymbolicTensor
  return fillWeights(defineModel({ inputs: [source, target], outputs: out }))
}

const inputs = (): Tensor[] => [
  randomNormal([6, 5, 3], 0, 1, 'float32', 1),
  randomNormal([6, 4, 2], 0, 1, 'float32', 2),
]
const labels = Int32Array.of(0, 1, 0, 1, 1, 0)
const kernels = { include: ({ role }: { role: string }) => role === 'kernel' }

describe('recurrent layers that start in the state of another', () => {
  beforeAll(() => {
    if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
  })

  it('inputNorm of a decoder is that of its sequence, and of a later layer that of what came out of it', async () => {
    const model = encoderDecoder()
    const samples = { xs: inputs(), ys: labels, batchSize: 4 }
    const found = await statisticOf(model, 'inputNorm', {
      names: ['decoder1/kernel', 'out/kernel'],
      samples,
    })
    const sequences = [...samples.xs[1]!.dataSync()]
    const norms = [0, 1].map((i) => Math.hypot(...sequences.filter((_, place) => place % 2 === i)))
    expect(largestError(found['decoder1/kernel']!.values, norms)).toBeLessThan(1e-6)
    const before = model.layers.find(({ name }) => name.startsWith('flatten'))!
      .output as SymbolicTensor
    const seen = (
      defineModel({ inputs: model.inputs, outputs: before }).predict(samples.xs) as Tensor
    ).dataSync()
    const after = Array.from({ length: 16 }, (_, i) =>
      Math.hypot(...seen.filter((_v, place) => place % 16 === i)),
    )
    expect(largestError(found['out/kernel']!.values, after)).toBeLessThan(1e-5)
  })

  it.each([wanda(), taylor(), synFlow({ steps: 2 })])(
    'computeMask scores them with criterion %#',
    async (criterion) => {
      const model = encoderDecoder()
      const samples = { xs: inputs(), ys: labels }
      const options = { density: 0.5, criterion, samples, select: kernels }
      const mask = await computeMask(model, options)
      expect(mask.weights.map(({ kept, values }) => kept / values.length)).toEqual([
        0.5, 0.5, 0.5, 0.5, 0.5,
      ])
      await expect(() => computeMask(model, options)).toLeaveNoTensors()
    },
  )
})
