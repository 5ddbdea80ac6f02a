import { fill, memory, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core'
import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { fuseRecurrent, registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  BATCH,
  CHANNELS,
  farthest,
  fusedKernels,
  KINDS,
  modelOf,
  type Options,
  onCpu,
  outcomeOf,
  recurrent,
  STEPS,
  withNoise,
} from './fused-support.js'
import { noise, watchHeap } from './support.js'

const ACTIVATIONS = ['tanh', 'sigmoid', 'hardSigmoid', 'relu', 'linear'] as const

const sample = (seed = 40) => noise([BATCH, STEPS, CHANNELS], seed)

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('fused recurrent layers', () => {
  beforeAll(() => void registerWasmGradients())

  /** Both kernels ran, and everything is as on the cpu backend. */
  const expectTheSame = async (
    made: ReturnType<typeof modelOf>,
    xs = [sample()],
    { tolerance = 1e-5, calls = 1 } = {},
  ) => {
    const wanted = await onCpu(() => outcomeOf(made, xs))
    const { left } = fuseRecurrent(made)
    expect(left).toEqual([])
    const got = outcomeOf(made, xs)
    expect(farthest(wanted, got)).toBeLessThan(tolerance)
    // Outputs alone, outputs and gradients twice.
    expect(await fusedKernels(() => void outcomeOf(made, xs))).toBe(5 * calls)
  }

  const variants: Options[] = [
    {},
    { returnSequences: true },
    { goBackwards: true },
    { goBackwards: true, returnSequences: true },
    { useBias: false, recurrentActivation: 'sigmoid' },
    { unitForgetBias: true, implementation: 1 },
  ]
  for (const kind of KINDS) {
    for (const units of [1, 4, 7, 18]) {
      it.each(variants)(`${kind} of ${units} units is that of tfjs with %o`, async (options) => {
        await expectTheSame(modelOf((x) => recurrent(kind, { units, ...options }).apply(x)))
      })
    }
  }

  it.each(KINDS)('%s is that of tfjs with each pair of activations', async (kind) => {
    for (const activation of ACTIVATIONS) {
      for (const recurrentActivation of kind === 'simpleRNN' ? ['tanh' as const] : ACTIVATIONS) {
        const options = { units: 6, activation, recurrentActivation, returnSequences: true }
        await expectTheSame(modelOf((x) => recurrent(kind, options).apply(x)))
      }
    }
  })

  it.each(KINDS)('%s is that of tfjs where its gates are full, large or tiny', async (kind) => {
    for (const scale of [10, 1e-4]) {
      for (const recurrentActivation of ['hardSigmoid', 'sigmoid'] as const) {
        const layer = recurrent(kind, { units: 5, recurrentActivation, returnSequences: true })
        await expectTheSame(
          withNoise(
            modelOf((x) => layer.apply(x)),
            scale,
          ),
        )
      }
    }
  })

  it.each([-2.5, 2.5])('hardSigmoid has its slope at its ends too: %d', async (bias) => {
    const made = modelOf((x) => recurrent('gru', { units: 4, returnSequences: true }).apply(x))
    const weights = [zeros([CHANNELS, 12]), zeros([4, 12]), fill([12], bias)]
    made.setWeights(weights)
    await expectTheSame(made)
    const gradients = outcomeOf(made, [sample()])
    expect(gradients[3]!.slice(0, 4).some((value) => value !== 0)).toBe(true)
  })

  it('says NaN where a weight is NaN', () => {
    for (const kind of KINDS) {
      const made = modelOf((x) => recurrent(kind).apply(x))
      fuseRecurrent(made)
      tidy(() => made.setWeights(made.weights.map(({ shape }) => fill(shape as number[], NaN))))
      expect(outcomeOf(made, [sample()])[0]!.every(Number.isNaN)).toBe(true)
    }
  })

  it.each(KINDS)('%s takes first states, with their gradients', async (kind) => {
    const x = input({ shape: [STEPS, CHANNELS] })
    const states = Array.from({ length: kind === 'lstm' ? 2 : 1 }, () => input({ shape: [7] }))
    for (const options of [{}, { goBackwards: true, returnSequences: true }]) {
      const layer = recurrent(kind, { units: 7, ...options })
      const outputs = layer.apply(x, { initialState: states }) as SymbolicTensor
      const made = withNoise(model({ inputs: [x, ...states], outputs }))
      await expectTheSame(made, [sample(), ...states.map((_, i) => noise([BATCH, 7], 60 + i))])
    }
  })

  it('one sample, one channel, one step', async () => {
    for (const kind of KINDS) {
      const made = modelOf((x) => recurrent(kind, { units: 3 }).apply(x), [null, 1])
      await expectTheSame(made, [noise([1, 2, 1], 5)])
      const x = noise([1, 1, 1], 5)
      const output = () => [[...(made.predict(x) as Tensor).dataSync()]]
      expect(farthest(await onCpu(output), output())).toBeLessThan(1e-5) // tfjs has no gradient
    }
  })

  it('one step has a gradient, which tfjs lacks', () => {
    const layer = recurrent('simpleRNN', { units: 1, useBias: false })
    const made = modelOf((x) => layer.apply(x), [null, 1])
    fuseRecurrent(made)
    const weight = made.getWeights()[0]!.dataSync()[0]!
    const [value, ofKernel, ofRecurrent, ofInput] = outcomeOf(made, [fill([1, 1, 1], 0.5)])
    const factor = noise([1, 1], 50).dataSync()[0]! // of the output, in the sum
    const slope = factor * (1 - Math.tanh(weight / 2) ** 2)
    const wanted = [[Math.tanh(weight / 2)], [slope / 2], [0], [slope * weight]]
    expect(farthest(wanted, [value!, ofKernel!, ofRecurrent!, ofInput!])).toBeLessThan(1e-6)
  })

  it('more products than fit into a panel: 300 units and channels', async () => {
    const made = modelOf((x) => recurrent('lstm', { units: 300 }).apply(x), [2, 300])
    await expectTheSame(withNoise(made, 0.05), [noise([2, 2, 300], 5)])
  })

  it('layers within layers: nested models, Bidirectional, TimeDistributed, stacks', async () => {
    const nested = sequential({
      layers: [recurrent('gru', { returnSequences: true, inputShape: [STEPS, CHANNELS] })],
    })
    const both = layers.bidirectional({
      layer: recurrent('lstm', { returnSequences: true }) as never,
      mergeMode: 'concat',
    })
    const stack = modelOf((x) => {
      const y = both.apply(nested.apply(x) as SymbolicTensor) as SymbolicTensor
      return recurrent('simpleRNN').apply(y)
    })
    await expectTheSame(stack, [sample()], { calls: 4 })
    const each = layers.timeDistributed({ layer: recurrent('gru') as never })
    const distributed = modelOf((x) => each.apply(x), [2, STEPS, CHANNELS])
    await expectTheSame(distributed, [noise([BATCH, 2, STEPS, CHANNELS], 8)], { calls: 2 })
  })

  it('a layer that is called twice is fused in both calls', async () => {
    const shared = recurrent('gru', { units: CHANNELS, returnSequences: true })
    const made = modelOf((x) => shared.apply(shared.apply(x) as SymbolicTensor))
    await expectTheSame(made, [sample()], { calls: 2 })
  })

  it('leaves no tensor and no memory, with gradients and without', async () => {
    for (const kind of KINDS) {
      const made = modelOf((x) => recurrent(kind, { returnSequences: true }).apply(x))
      fuseRecurrent(made)
      const x = sample()
      const run = () => {
        outcomeOf(made, [x])
        tidy(() => void made.predict(x))
      }
      await expect(run).toLeaveNoTensors()
      const taken = watchHeap()
      const before = memory().numTensors
      run()
      expect([taken(), memory().numTensors]).toEqual([0, before])
    }
  })
})
