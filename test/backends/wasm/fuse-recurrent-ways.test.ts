import {
  getBackend,
  grad,
  ones,
  setBackend,
  square,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  computeMask,
  evaluateOn,
  falseNegativesAtMost,
  fisher,
  fit,
  geometric,
  prune,
  snip,
  synFlow,
  taylor,
  withMasks,
} from 'tfjs-prune'
import { fuseRecurrent, registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  BATCH,
  CHANNELS,
  farthest,
  fusedKernels,
  modelOf,
  onCpu,
  outcomeOf,
  recurrent,
  STEPS,
  withNoise,
} from './fused-support.js'
import { noise } from './support.js'

const sample = (seed = 40) => noise([BATCH, STEPS, CHANNELS], seed)
const gruOf = (options = {}) => modelOf((x) => recurrent('gru', options).apply(x))

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('layers that are left', () => {
  beforeAll(() => void registerWasmGradients())

  it('layers that it cannot run are left, each with the reason, and give what they gave', () => {
    class Own extends (recurrent('gru').constructor as typeof layers.Layer) {}
    const own = new Own({ units: 4, recurrentInitializer: 'glorotNormal' } as object)
    class Other {
      getClassName = () => 'tanh'
      apply(x: Tensor) {
        return square(x)
      }
    }
    const [changed, patched] = [recurrent('gru'), recurrent('gru')]
    Object.assign(changed.cell, { activation: new Other() })
    Object.assign((patched.cell as unknown as { activation: object }).activation, { apply: square })
    const swapped = recurrent('lstm')
    Object.assign(swapped, { cell: layers.lstmCell({ units: 4, recurrentInitializer: 'zeros' }) })
    Object.assign(swapped.cell, { call: swapped.cell.call })
    const cells = [3, 4].map((units) =>
      layers.gruCell({ units, recurrentInitializer: 'glorotNormal' }),
    )
    const cases = [
      [recurrent('gru', { dropout: 0.5 }), 'it has dropout'],
      [recurrent('lstm', { recurrentDropout: 0.5 }), 'it has dropout'],
      [recurrent('gru', { activation: 'softsign' }), 'its activation is softsign'],
      [recurrent('lstm', { recurrentActivation: 'elu' }), 'its recurrentActivation is elu'],
      [changed, 'its activation is tanh'],
      [patched, 'its activation is tanh'],
      [own, 'its class is GRU, but not that of tfjs'],
      [swapped, 'its cell is not that of tfjs'],
      [layers.rnn({ cell: cells }), 'its class is RNN'],
    ] as const
    for (const [layer, reason] of cases) {
      const made = modelOf((x) => layer.apply(x))
      const before = [...(made.predict(sample()) as Tensor).dataSync()]
      const { fused, left } = fuseRecurrent(made)
      expect({ fused, left }).toEqual({ fused: [], left: [{ layer: layer.name, reason }] })
      expect([...(made.predict(sample()) as Tensor).dataSync()]).toEqual(before)
    }
  })

  it('layers that return or keep their states are left', () => {
    const states = modelOf((x) => recurrent('lstm', { returnState: true }).apply(x))
    expect(fuseRecurrent(states).left.map(({ reason }) => reason)).toEqual([
      'it returns its states',
    ])
    const x = input({ batchShape: [BATCH, STEPS, CHANNELS] })
    const layer = recurrent('gru', { stateful: true })
    const kept = model({ inputs: x, outputs: layer.apply(x) as never })
    const reasons = fuseRecurrent(kept).left.map(({ reason }) => reason)
    expect(reasons).toEqual(['it keeps its states between batches'])
  })

  it('a layer that is changed afterwards runs as tfjs does', async () => {
    type Cell = { activation: object }
    const cellOf = (of: ReturnType<typeof recurrent>) => of.cell as unknown as Cell
    const changes: readonly ((cell: Cell) => void)[] = [
      (cell) => {
        cell.activation = cellOf(recurrent('gru', { activation: 'softsign' })).activation
      },
      (cell) => void Object.assign(cell.activation, { apply: square }),
    ]
    for (const change of changes) {
      const layer = recurrent('gru')
      const made = modelOf((x) => layer.apply(x))
      fuseRecurrent(made)
      const run = () => outcomeOf(made, [sample()])
      const before = run()
      change(cellOf(layer))
      const wanted = await onCpu(run)
      expect(await fusedKernels(() => void run())).toBe(0)
      expect(farthest(wanted, run())).toBeLessThan(1e-5)
      expect(farthest(before, wanted)).toBeGreaterThan(0.01)
    }
  })

  it('calls with a mask run as tfjs does', async () => {
    const withMask = (maskZero: boolean) =>
      modelOf(
        (x) => {
          const table = layers.embedding({ inputDim: 5, outputDim: CHANNELS, maskZero })
          return recurrent('lstm').apply(table.apply(x) as SymbolicTensor)
        },
        [4],
      )
    const x = tensor([1, 2, 3, 0, 4, 0, 0, 0, 2, 2, 1, 3], [3, 4])
    const [masked, plain] = [withMask(true), withMask(false)]
    const outcome = (made: LayersModel) => outcomeOf(made, [x], { ofInputs: false })
    const wanted = await onCpu(() => outcome(masked))
    expect([masked, plain].flatMap((made) => fuseRecurrent(made).left)).toEqual([])
    expect(farthest(wanted, outcome(masked))).toBeLessThan(1e-5)
    expect(await fusedKernels(() => void outcome(masked))).toBe(0)
    expect(await fusedKernels(() => void outcome(plain))).toBe(3)
    expect(farthest(wanted, outcome(plain))).toBeGreaterThan(0.01) // the mask tells
  })

  it('gradients of gradients are those of tfjs', async () => {
    const made = modelOf((x) => recurrent('gru', { recurrentActivation: 'sigmoid' }).apply(x))
    const penalty = () =>
      tidy(() => {
        const slope = grad((x) => sum(made.apply(x) as Tensor))
        const cost = (x: Tensor) => sum(square(slope(x)))
        return [[...grad(cost)(sample()).dataSync()]]
      })
    const wanted = await onCpu(penalty)
    fuseRecurrent(made)
    expect(farthest(wanted, penalty())).toBeLessThan(1e-5)
  })

  it('runs as tfjs does on another backend', async () => {
    const made = gruOf()
    const wanted = await onCpu(() => outcomeOf(made, [sample()]))
    fuseRecurrent(made)
    expect(await onCpu(() => outcomeOf(made, [sample()]))).toEqual(wanted)
    expect(farthest(wanted, outcomeOf(made, [sample()]))).toBeLessThan(1e-5)
  })

  it('restore gives the layers their own way back, and no other model is touched', async () => {
    const [made, other] = [gruOf(), gruOf()]
    const calls = (of: LayersModel) => fusedKernels(() => void outcomeOf(of, [sample()]))
    const first = fuseRecurrent(made)
    const second = fuseRecurrent(made)
    expect(second.left).toEqual([{ layer: first.fused[0], reason: 'its call is replaced already' }])
    second.restore()
    expect([await calls(made), await calls(other)]).toEqual([5, 0])
    first.restore()
    first.restore()
    expect(await calls(made)).toBe(0)
    expect(fuseRecurrent(made).fused).toEqual(first.fused)
  })

  it('does not count in the names of layers made afterwards', () => {
    const number = () => Number(recurrent('gru').name.match(/\d+$/)![0])
    const before = number()
    fuseRecurrent(gruOf({ name: 'named' }))
    expect(number()).toBe(before + 1)
  })

  it('refuses another backend, other things than models, and models without such a layer', async () => {
    const made = gruOf()
    await setBackend('cpu')
    expect(() => fuseRecurrent(made)).toThrow(
      "Cannot fuse recurrent layers: expected the wasm backend in use (await setBackend('wasm') first), got cpu",
    )
    await setBackend('wasm')
    expect(getBackend()).toBe('wasm')
    const dense = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] })
    expect(() => fuseRecurrent(dense)).toThrow(
      'Cannot fuse recurrent layers: expected a model with recurrent layers, got one without: it needs none of this',
    )
    expect(() => fuseRecurrent({} as LayersModel)).toThrow(
      'Cannot fuse recurrent layers: expected a LayersModel',
    )
  })
})

/** A network for sequences of two classes. */
function classifier(): LayersModel {
  const made = sequential({
    layers: [
      recurrent('gru', { returnSequences: true, inputShape: [STEPS, CHANNELS], units: 6 }),
      recurrent('lstm', { units: 5 }),
      layers.dense({ units: 2 }),
    ],
  })
  return withNoise(made)
}

const data = () => ({
  xs: noise([24, STEPS, CHANNELS], 70),
  ys: tensor1d(Array.from({ length: 24 }, (_, i) => i % 2)),
})

const valuesOf = (made: LayersModel) => made.getWeights().map((weight) => [...weight.dataSync()])

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('training with fused layers', () => {
  beforeAll(() => void registerWasmGradients())

  const trained = async (way: (made: LayersModel) => Promise<unknown>) => {
    const [plain, fused] = [classifier(), classifier()]
    fuseRecurrent(fused)
    for (const made of [plain, fused]) await way(made)
    const start = valuesOf(classifier())
    expect(farthest(start, valuesOf(plain))).toBeGreaterThan(0.01)
    expect(farthest(valuesOf(plain), valuesOf(fused))).toBeLessThan(1e-4)
  }

  it('model.fit ends with the same weights', async () => {
    const { xs } = data()
    await trained(async (made) => {
      made.compile({ optimizer: train.sgd(0.1), loss: 'meanSquaredError' })
      const options = { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 as const }
      await made.fit(xs, ones([24, 2]), options)
    })
  })

  it('an own loop ends with the same weights', async () => {
    const { xs } = data()
    await trained(async (made) => {
      const optimizer = train.momentum(0.05, 0.9)
      const variables = made.trainableWeights.map((weight) => weight.read() as Variable)
      for (let step = 0; step < 5; step++)
        optimizer.minimize(() => sum(square(made.apply(xs) as Tensor)), false, variables)
    })
  })

  it('prune ends with the same weights', async () => {
    const { xs, ys } = data()
    await trained((made) =>
      prune(made, {
        train: fit(
          { xs, ys },
          { optimizer: () => train.sgd(0.1), epochs: 2, batchSize: 8, seed: 1 },
        ),
        evaluate: evaluateOn({ xs, ys }, { positiveClass: 1 }),
        schedule: geometric({ rounds: 3 }),
        stop: falseNegativesAtMost(24),
      }),
    )
  })

  it('masking layers are fused, and keep their pruned weights', async () => {
    const dense = classifier()
    const masked = withMasks(dense, await computeMask(dense, { density: 0.3 }))
    const xs = [data().xs]
    const wanted = await onCpu(() => outcomeOf(masked, xs))
    expect(fuseRecurrent(masked).fused).toHaveLength(2)
    const got = outcomeOf(masked, xs)
    expect(farthest(wanted, got)).toBeLessThan(1e-5)
    expect(await fusedKernels(() => void outcomeOf(masked, xs))).toBe(10)
    // The gradients behind the output: kernels and recurrent kernels are masked.
    expect(got[1]!.filter((value) => value === 0).length).toBeGreaterThan(50)
  })

  it.each([taylor(), fisher(), snip(), synFlow()])(
    'criterion %# scores alike',
    async (criterion) => {
      const [plain, fused] = [classifier(), classifier()]
      fuseRecurrent(fused)
      const options = { density: 0.5, criterion, samples: data() }
      const [wanted, got] = [await computeMask(plain, options), await computeMask(fused, options)]
      expect(got.weights.map(({ values }) => values)).toEqual(
        wanted.weights.map(({ values }) => values),
      )
    },
  )

  it('frozen weights get no gradient', () => {
    const made = classifier()
    made.layers[0]!.trainable = false
    fuseRecurrent(made)
    const { grads } = variableGrads(
      () => sum(square(made.apply(data().xs) as Tensor)),
      made.trainableWeights.map((weight) => weight.read() as Variable),
    )
    expect(Object.keys(grads)).toHaveLength(5)
  })
})
