import {
  add,
  mean,
  memory,
  mul,
  type Scalar,
  SGDOptimizer,
  square,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  train,
  variable,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Augment,
  type Batch,
  type DatasetData,
  evaluateOn,
  type FitOptions,
  fit,
  type Loss,
  type PruningError,
  prune,
  weightedCrossentropy,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openTraining } from '../../../src/sparse/training/open-training.js'
import {
  always,
  denseNetwork,
  differenceOf,
  faster,
  images,
  labels,
  type Run,
  roundsOf,
  seeded,
  smallNetwork,
} from './rounds.js'

const crossentropy = weightedCrossentropy()

/** The message of the error that a run ends with. */
const messageOf = (run: Promise<unknown>) =>
  run.then(
    () => 'no error',
    (error: Error) => error.message,
  )

/** A run of the small network that fails; the model is as before, and no tensor is left. */
async function failing(options: Partial<FitOptions>, build = smallNetwork, more: object = {}) {
  const model = build()
  const xs = tensor(images, [labels.length, ...(model.inputs[0]!.shape.slice(1) as number[])])
  const before = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  const tensors = memory().numTensors
  const common = { optimizer: () => train.adam(0.01), epochs: 2, batchSize: 8, ...always }
  const run = prune(model, {
    train: fit({ xs, ys: labels }, { ...common, ...options }),
    evaluate: evaluateOn({ xs, ys: labels }, { positiveClass: 1 }),
    ...{ schedule: [1, 0.5], ...more },
  })
  const error = await run.then(
    () => new Error('no error'),
    (cause: Error) => cause,
  )
  expect(memory().numTensors).toBe(tensors)
  const after = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  xs.dispose()
  model.dispose()
  return { error, isWhole: JSON.stringify(after) === JSON.stringify(before), after }
}

/** Calls a function before the n-th batch, which it leaves as it is. */
const atBatch = (n: number, work: () => void): Augment => {
  let count = 0
  return (batch) => {
    count++
    if (count === n) work()
    return batch
  }
}

describe('bad input of compiled training', () => {
  it('a loss that is not finite is the error of tfjs, with round, epoch and rate', async () => {
    const fitting = { optimizer: () => train.sgd(1e30) }
    const wanted = await messageOf(roundsOf({}, { fitting }))
    expect(wanted).toMatch(/round 0: expected .* in epoch 0 at learning rate 1e\+30/)
    const { error, isWhole } = await failing(fitting)
    expect(error.message).toBe(wanted)
    expect(isWhole).toBe(true)
  })

  it('a loss that is NaN in one batch alone is found too', async () => {
    let count = 0
    const loss: Loss = (ys, outputs) => {
      const cost = crossentropy(ys, outputs)
      return ++count === 2 ? (mul(cost, Number.NaN) as Scalar) : cost
    }
    const { error } = await failing({ loss })
    expect(error.message).toMatch(/round 0: expected a finite loss, got NaN in epoch 0/)
  })

  it.each([2, 3, 5])('a weight that changes before batch %i is refused', async (n) => {
    let model: LayersModel | undefined
    const build = () => {
      model = smallNetwork()
      return model
    }
    const augment = atBatch(n, () => model!.setWeights(model!.getWeights().map((w) => mul(w, 2))))
    const { error, isWhole } = await failing({ augment }, build)
    expect(error.message).toMatch(
      /expected weights that nobody changes within an epoch, got another/,
    )
    expect(isWhole).toBe(true)
  })

  it('a weight that a loss changes in the last batch is refused', async () => {
    const model = smallNetwork()
    let count = 0
    const loss: Loss = (ys, outputs) => {
      if (++count === 3) model.setWeights(model.getWeights().map((weight) => mul(weight, 2)))
      return crossentropy(ys, outputs)
    }
    const { error } = await failing({ loss, epochs: 1 }, () => model)
    expect(error.message).toMatch(/nobody changes within an epoch/)
  })

  it('a weight that changes between two epochs is taken over, as in tfjs', async () => {
    const changing = (engine: object) => {
      let model: LayersModel
      const build = () => {
        model = smallNetwork()
        return model
      }
      const onProgress = ({ kind }: { kind: string }) => {
        if (kind !== 'epoch-finished') return
        const last = model.getLayer('last')
        tidy(() => last.setWeights(last.getWeights().map((weight) => mul(weight, 0.5))))
      }
      return roundsOf(engine, { build, pruning: { onProgress } })
    }
    const [tfjs, sparse] = [await changing({}), await changing(always)]
    for (const [i, { trained }] of sparse.entries())
      for (const [name, values] of Object.entries(trained))
        for (const [k, value] of values.entries())
          expect(value).toBeCloseTo(tfjs[i]!.trained[name]![k]!, 4)
  })

  it('a frozen weight that changes between two epochs is refused', async () => {
    const model = smallNetwork()
    const hidden = model.getLayer('hidden')
    hidden.trainable = false
    const learningRate = (epoch: number) => {
      if (epoch === 1) tidy(() => hidden.setWeights(hidden.getWeights().map((one) => mul(one, 2))))
      return 0.01
    }
    const { error } = await failing({ learningRate }, () => model)
    expect(error.message).toMatch(/expected frozen weights that stay as they are, got another/)
  })

  it('a layer that is frozen between two epochs is refused', async () => {
    const model = smallNetwork()
    const learningRate = (epoch: number) => {
      model.getLayer('hidden').trainable = epoch === 0
      return 0.01
    }
    const { error } = await failing({ learningRate }, () => model)
    expect(error.message).toMatch(/expected layers that stay trained or frozen, got other flags/)
  })

  it('setMomentum between two epochs changes nothing, as in tfjs', async () => {
    const warming = (engine: object) => {
      let made = train.momentum(0.02, 0)
      const optimizer = () => {
        made = train.momentum(0.02, 0)
        return made
      }
      const learningRate = (epoch: number) => {
        made.setMomentum(epoch === 0 ? 0 : 0.9)
        return 0.02
      }
      return roundsOf(engine, { fitting: { optimizer, learningRate } })
    }
    const [tfjs, sparse] = [await warming({}), await warming(always)]
    for (const [i, round] of sparse.entries())
      expect(differenceOf(tfjs[i]!, round)).toBeLessThan(1e-4)
  })

  it('a batch of another shape is the error of tfjs', async () => {
    const broken = (): DatasetData => ({
      iterator: async () => {
        let count = 0
        const next = async (): Promise<IteratorResult<Batch, unknown>> => {
          count++
          const xs = tensor(images.slice(0, 80), count === 1 ? [5, 4, 4, 1] : [4, 5, 4, 1])
          const ys = tensor1d(Array.from(labels.slice(0, 6 - count)))
          return { done: false, value: { xs, ys } }
        }
        return { next }
      },
    })
    const training: Run = {
      train: (_, { batchSize, ...options }) => fit(broken(), { ...options, stepsPerEpoch: 3 }),
    }
    const wanted = await messageOf(roundsOf({}, training))
    expect(wanted).toMatch(/expected .* got .*5/)
    expect(await messageOf(roundsOf(always, training))).toBe(wanted)
  })

  it('a loss that reads a weight is refused: its gradient would be lost', async () => {
    const model = smallNetwork()
    const kernel = model.getLayer('hidden').weights[0]!
    const loss: Loss = (ys, outputs) =>
      add(crossentropy(ys, outputs), mean(square(kernel.read()))) as Scalar
    const { error, isWhole } = await failing({ loss }, () => model)
    expect(error.message).toMatch(/expected a loss of the outputs alone, got one of hidden/)
    expect(isWhole).toBe(true)
  })

  it('a loss without a gradient at the outputs is refused', async () => {
    const other = variable(tensor([1]))
    const { error } = await failing({ loss: () => mean(square(other)) as Scalar })
    expect(error.message).toMatch(/got one of something else/)
    other.dispose()
  })

  it("an optimizer of the caller's own is left to tfjs", async () => {
    class Own extends SGDOptimizer {}
    const changed = () => Object.assign(train.sgd(0.01), { applyGradients: () => {} })
    for (const optimizer of [() => new Own(0.01), changed]) {
      const { error } = await failing({ optimizer })
      expect(error.message).toMatch(/one of which the optimizer is/)
      const [round] = await roundsOf(faster, { fitting: { optimizer }, pruning: { schedule: [1] } })
      expect(round!.engine!.name).toBe('tfjs')
    }
  })

  it("a layer of the caller's own in the middle is left to tfjs", async () => {
    class Twice extends layers.Layer {
      static className = 'Twice'
      override call(inputs: Tensor | Tensor[]): Tensor {
        return mul([inputs].flat()[0]!, 2)
      }
    }
    const changed = () => {
      const layer = layers.dense({ units: 4 })
      layer.call = (inputs) => [inputs].flat()[0] as Tensor
      return layer
    }
    for (const make of [() => new Twice(), changed]) {
      const build = () =>
        sequential({
          layers: [
            layers.dense({ units: 4, inputShape: [16], ...seeded(1) }),
            make(),
            layers.dense({ units: 2, ...seeded(2) }),
          ],
        })
      const { error } = await failing({}, build)
      expect(error.message).toMatch(/Cannot (train a sparse|read the) network/)
      const [round] = await roundsOf(faster, { build, pruning: { schedule: [1] } })
      expect(round!.engine!.name).toBe('tfjs')
      expect(round!.engine!.why.length).toBeGreaterThan(10)
    }
  })

  it.each([1, 2, 3, 4, 6])('an abort at batch %i leaves the model whole', async (n) => {
    const controller = new AbortController()
    const augment = atBatch(n, () => controller.abort(new Error('stop')))
    const { error, isWhole } = await failing({ augment }, smallNetwork, {
      signal: controller.signal,
    })
    expect(error.message).toBe('stop')
    expect(isWhole).toBe(true)
  })

  it('an abort in the second round leaves the last finished one', async () => {
    const controller = new AbortController()
    const augment = atBatch(8, () => controller.abort(new Error('stop')))
    const { error, after } = await failing({ augment }, smallNetwork, {
      signal: controller.signal,
    })
    const { rounds } = error as PruningError
    const trained = Object.values(rounds[0]!.trained).map((values) => Array.from(values))
    expect(rounds.length).toBe(1)
    expect(after.flat().sort()).toEqual(trained.flat().sort())
  })
})

describe('memory that is refused', () => {
  afterEach(() => vi.restoreAllMocks())
  const refuse = () =>
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('no more')
    })
  /** Too large for the memory that a network begins with. */
  const large = () =>
    sequential({
      layers: [
        layers.dense({ units: 400, inputShape: [16], ...seeded(1) }),
        layers.dense({ units: 2, ...seeded(2) }),
      ],
    })

  it('is an error with always, before anything is trained', async () => {
    refuse()
    const { error, isWhole } = await failing({}, large)
    expect(error.message).toMatch(/memory/)
    expect(isWhole).toBe(true)
  })

  it('ends a step with a larger batch, and later ones are right', async () => {
    const model = large()
    const optimizer = train.sgd(0)
    const facts = { model, kept: new Map(), optimizer, clipNorm: undefined }
    const { work, dispose } = await openTraining(facts)
    const outputsOf = (samples: number) => {
      let made: readonly number[] = []
      work.step([images.slice(0, samples * 16)], ({ values }) => {
        made = Array.from(values)
        return { value: 0, gradient: new Float32Array(values.length) }
      })
      return made
    }
    const wanted = outputsOf(20)
    refuse()
    const many = new Float32Array(5000 * 16)
    expect(() => work.step([many], () => ({ value: 0, gradient: many }))).toThrow(/memory/)
    vi.restoreAllMocks()
    expect(outputsOf(20)).toEqual(wanted)
    dispose()
    optimizer.dispose()
    model.dispose()
  })

  it('is a reason for tfjs otherwise', async () => {
    refuse()
    const [round] = await roundsOf(faster, { build: large, pruning: { schedule: [1] } })
    expect(round!.engine!.name).toBe('tfjs')
    expect(round!.engine!.why).toMatch(/memory/)
  })
})

describe('when: faster', () => {
  const used = async (backend: string, density: number, build = smallNetwork) => {
    const model = build()
    const kernels = model.weights.filter(({ shape }) => shape.length > 1)
    const kept = new Map(
      kernels.map((weight) => {
        const size = weight.shape.reduce((product: number, side) => product * side!, 1)
        const most = Math.round(density * size)
        return [weight.read(), Uint8Array.from({ length: size }, (_, i) => Number(i < most))]
      }),
    )
    const optimizer = train.sgd(0.1)
    const facts = { backend, kept: kept as never, optimizer, clipNorm: undefined, isWatched: false }
    const opened = await sparseTraining().openTraining(model, facts)
    opened.dispose()
    optimizer.dispose()
    model.dispose()
    return opened.used
  }

  it('is the network on cpu at every density', async () => {
    for (const density of [1, 0.61, 0.1]) expect((await used('cpu', density)).name).toBe('sparse')
  })

  it('is the network on wasm below the crossover', async () => {
    expect(await used('wasm', 1)).toEqual({
      name: 'tfjs',
      why: '100 % of the weights are left, on wasm',
    })
    expect((await used('wasm', 0.7)).name).toBe('tfjs')
    expect((await used('wasm', 0.5)).name).toBe('sparse')
  })

  it('is the network of dense layers alone on wasm at every density', async () => {
    expect(await used('wasm', 1, denseNetwork)).toEqual({
      name: 'sparse',
      why: '100 % of the weights are left, on wasm',
    })
  })

  it('is tfjs on every other backend', async () => {
    for (const backend of ['webgl', 'webgpu', 'tensorflow'])
      expect(await used(backend, 0.1)).toEqual({ name: 'tfjs', why: `it runs on ${backend}` })
  })
})
