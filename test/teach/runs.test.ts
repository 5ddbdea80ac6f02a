import {
  gather,
  memory,
  type Tensor,
  tensor1d,
  tidy,
  train,
  type Variable,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  applyTrained,
  type DatasetData,
  denseTeacher,
  type FitOptions,
  fineTune,
  fit,
  type Loss,
  type LossSchedule,
  learnFrom,
  magnitude,
  modelTeacher,
  movement,
  type PruneOptions,
  PruningError,
  paper,
  prune,
  type Round,
  rewindTo,
  shuffledBatches,
  type Teacher,
  type TrainingContext,
  weightedCrossentropy,
} from 'tfjs-prune'
import {
  aucPairwise,
  byEpoch,
  byRound,
  falseNegativeBudget,
  focal,
  softFBeta,
  sumOf,
} from 'tfjs-prune/losses'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'

const schedule = [1, 0.5, 0.25]
let data: Samples
beforeAll(() => {
  data = imbalancedSamples(24)
})
afterAll(() => data.xs.dispose())

type Options = Partial<PruneOptions> & { training?: Partial<FitOptions> }

/** Three rounds of two epochs with three batches each. */
async function run(options: Options = {}, model: LayersModel = smallNetwork()) {
  const { rounds } = await prune(model, quickRun(data, { schedule, ...options }))
  const bits = weightBits(model)
  model.dispose()
  return { rounds, bits }
}

/** A round without what differs from run to run: times, and the names of optimizer slots. */
const plain = ({ seconds: _, made: __, optimizer: ___, checkpoint: ____, ...round }: Round) => round

/** The batches that `fit` draws from arrays, the same in each round. */
function dataset(batchSize = 8, epochs = 2): DatasetData {
  const sampler = shuffledBatches({ sampleCount: 24, batchSize, seed: 0 })
  let epoch = 0
  return {
    iterator: async () => {
      const batches = [...sampler(epoch++ % epochs)]
      return {
        next: async () => {
          const indices = batches.shift()
          if (!indices) return { done: true as const, value: null }
          const ys = tensor1d(Array.from(indices, (i) => data.ys[i]!))
          return { done: false as const, value: { xs: rowsOf(data.xs, indices), ys } }
        },
      }
    },
  }
}

const rowsOf = (from: Tensor, indices: Int32Array) =>
  tidy(() => gather(from, tensor1d(indices, 'int32')))

/** When a loop asks the teacher; the last is not what it should do, but does no harm. */
type Form = 'at once' | 'by batch' | 'inside of minimize'

/** A loop by hand, as `quickRun` trains; it asks for all logits at once, or batch by batch. */
function byHand(form: Form) {
  const batches = shuffledBatches({ sampleCount: 24, batchSize: 8, seed: 0 })
  return async ({ model, round, hold, teacher }: TrainingContext) => {
    const loss = paper.black().atRound(round)
    const optimizer = hold(train.momentum(0.02, 0.9))
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
    const all = form === 'at once' ? await teacher?.allLogits(data) : undefined
    for (const epoch of [0, 1])
      for (const indices of batches(epoch))
        tidy(() => {
          const xs = rowsOf(data.xs, indices)
          const ys = tensor1d(Array.from(indices, (i) => data.ys[i]!))
          const wanted = all
            ? tensor1d([...indices].flatMap((i) => [...all.slice(2 * i, 2 * i + 2)]))
            : form === 'by batch' && teacher?.logits(xs)
          optimizer.minimize(
            () => {
              const outputs = model.apply(xs, { training: true }) as Tensor
              const logits = wanted || teacher?.logits(xs)
              return learnFrom(teacher, { cost: loss(ys, outputs), outputs, logits })
            },
            false,
            variables,
          )
        })
    optimizer.dispose()
  }
}

describe('teach', () => {
  test.each<[Form]>([['at once'], ['by batch']])(
    'teach with fit is the loop that one would write with learnFrom, %s, to the last bit',
    async (form) => {
      const taught = await run({
        teach: denseTeacher(),
        training: { clipNorm: undefined as never },
      })
      const own = await run({ teach: denseTeacher(), train: byHand(form) })
      expect(own.bits).toEqual(taught.bits)
      const without = await run({ training: { clipNorm: undefined as never } })
      expect(without.bits).not.toEqual(taught.bits)
      expect(without.rounds[0]!.trained).toEqual(taught.rounds[0]!.trained)
    },
  )

  test('teach does no harm where a loop asks inside of minimize: no gradient flows there', async () => {
    const [asked, taught] = await Promise.all(
      (['inside of minimize', 'by batch'] as const).map((form) =>
        run({ teach: denseTeacher(), train: byHand(form) }),
      ),
    )
    for (const [name, values] of Object.entries(taught!.rounds[2]!.trained))
      values.forEach((value, i) => {
        expect(asked!.rounds[2]!.trained[name]![i]).toBeCloseTo(value, 5)
      })
  })

  test('teach gives a dataset of the same batches the same network as arrays', async () => {
    const taught = await run({ teach: denseTeacher() })
    const options = { optimizer: () => train.momentum(0.02, 0.9), epochs: 2, clipNorm: 5 }
    const { bits } = await run({ teach: denseTeacher(), train: fit(dataset(), options) })
    expect(bits).toEqual(taught.bits)
  })

  test('teach with a weight of 0, at any temperature, is the run without it, to the last bit', async () => {
    const expected = await run()
    for (const given of [{ weight: 0 }, { weight: 0, temperature: 9 }]) {
      const { rounds, bits } = await run({ teach: denseTeacher(given) })
      expect(bits).toEqual(expected.bits)
      expect(rounds.map(({ seconds: _, ...round }) => round)).toEqual(
        expected.rounds.map(({ seconds: _, ...round }) => round),
      )
    }
  })

  test('teach evaluates the training data once a run, in inference, and datasets batch by batch', async () => {
    const asked = async (options: Options) => {
      const model = smallNetwork()
      const spy = vi.spyOn(model, 'predictOnBatch')
      await run({ teach: denseTeacher(), ...options }, model)
      return spy.mock.calls.map(([xs]) => [xs].flat()[0]!.shape[0])
    }
    expect(await asked({})).toEqual([24])
    expect(await asked({ schedule: [1, 0.5, 0.25, 0.1, 0.05] })).toEqual([24])
    const options = { optimizer: () => train.sgd(0.02), epochs: 2 }
    expect(await asked({ train: fit(dataset(), options) })).toEqual(new Array(12).fill(8))
  })

  test('teach has no teacher in round 0, one from round 1 on, and none once a round has ended', async () => {
    const seen: (Teacher | undefined)[] = []
    const given = { weight: 0.25, temperature: 3 }
    const teach = denseTeacher(given)
    const [criterion, idle] = [
      magnitude(),
      ({ teacher }: TrainingContext) => void seen.push(teacher),
    ]
    await run({ teach, criterion, train: idle })
    const { logits: _, allLogits: __, blend: ___, ...told } = seen[1]!
    expect(seen[0]).toBe(undefined)
    expect(told).toEqual(given)
    expect(seen[2]).toBeDefined()
    expect(await lateRefusalOf(async () => seen[1]!.logits(data.xs))).toBe(
      'Error: Cannot teach: expected a round that is trained, got one that has ended',
    )
    await run({ criterion, train: ({ teacher }) => void expect(teacher).toBe(undefined) })
  })

  test('teach asks the trained network of round 0, whatever the model has become', async () => {
    const model = smallNetwork()
    const heard: number[][] = []
    const own = quickRun(data).train
    const options = quickRun(data, { schedule, teach: denseTeacher() })
    const { rounds } = await prune(model, {
      ...options,
      train: async (context) => {
        if (context.teacher) heard.push([...(await context.teacher.allLogits(data))])
        await own(context)
      },
    })
    applyTrained(model, rounds[0]!)
    const wanted = tidy(() => [...(model.predict(data.xs) as Tensor).dataSync()])
    expect(heard).toEqual([wanted, wanted])
    model.dispose()
  })

  test('teach asks without a trace: weights, statistics of batch normalisation and slots stay', async () => {
    const hidden = layers.dense({ units: 6, activation: 'relu', inputShape: [6], name: 'hidden' })
    const dropout = layers.dropout({ rate: 0.5, seed: 3 })
    const norm = layers.batchNormalization()
    const model = sequential({ layers: [hidden, norm, dropout, layers.dense({ units: 2 })] })
    let rounds = 0
    await prune(model, {
      ...quickRun(data, { schedule: [1, 0.5], teach: denseTeacher() }),
      train: async ({ teacher, hold, round, model: own }) => {
        const optimizer = train.adam(0.01)
        const held = hold(optimizer)
        const loss = weightedCrossentropy()
        const step = () =>
          tidy(() => {
            const xs = data.xs
            const ys = tensor1d(Array.from(data.ys))
            held.minimize(() => loss(ys, own.apply(xs, { training: true }) as Tensor))
          })
        step()
        const state = async () => {
          const slots = await optimizer.getWeights()
          const values = slots.map(({ tensor }) => [...tensor.dataSync()])
          slots[0]!.tensor.dispose()
          return { weights: weightBits(own), values }
        }
        const before = await state()
        const tensors = memory().numTensors
        for (const one of teacher?.logits(data.xs) ?? []) one.dispose()
        const uploaded = memory().numTensors - tensors
        for (const one of teacher?.logits(data.xs) ?? []) one.dispose()
        // The dense weights stay on the device while the round is trained, once.
        expect(uploaded).toBe(round === 0 ? 0 : model.weights.length)
        expect(memory().numTensors - tensors).toBe(uploaded)
        expect(await state()).toEqual(before)
        held.dispose()
        rounds++
      },
    })
    expect(rounds).toBe(2)
    model.dispose()
  })

  test('teach gives the model its weights back if the forward pass throws', async () => {
    const model = smallNetwork()
    await prune(model, {
      ...quickRun(data, { schedule: [1, 0.5], teach: denseTeacher(), criterion: magnitude() }),
      train: async ({ teacher }) => {
        if (!teacher) return
        const before = weightBits(model)
        const spy = vi.spyOn(model, 'predictOnBatch').mockImplementation(() => {
          expect(weightBits(model)).not.toEqual(before)
          throw new RangeError('Cannot predict: expected luck, got none')
        })
        const wanted = 'RangeError: Cannot predict: expected luck, got none'
        expect(await lateRefusalOf(async () => teacher.logits(data.xs))).toBe(wanted)
        expect(await lateRefusalOf(() => teacher.allLogits(data))).toBe(wanted)
        expect(weightBits(model)).toEqual(before)
        spy.mockRestore()
        const [logits] = teacher.logits(data.xs)
        expect(logits!.shape).toEqual([24, 2])
        logits!.dispose()
      },
    })
    model.dispose()
  })

  test('teach leaves no tensor, with arrays, datasets and own loops', async () => {
    const options = { optimizer: () => train.sgd(0.02), epochs: 2 }
    await expect(() => run({ teach: denseTeacher() })).toLeaveNoTensors()
    await expect(() =>
      run({ teach: denseTeacher(), train: fit(dataset(), options) }),
    ).toLeaveNoTensors()
    await expect(() => run({ teach: denseTeacher(), train: byHand('by batch') })).toLeaveNoTensors()
  })

  const losses: readonly (readonly [string, () => Loss | LossSchedule])[] = [
    ['weightedCrossentropy', () => weightedCrossentropy({ weights: 5 })],
    ['paper.black', () => paper.black()],
    ['paper.green', () => paper.green()],
    ['aucPairwise', () => aucPairwise()],
    ['focal', () => focal()],
    ['softFBeta', () => softFBeta({ beta: 2 })],
    ['sumOf', () => sumOf(weightedCrossentropy(), aucPairwise())],
    ['byRound', () => byRound((round) => (round < 2 ? weightedCrossentropy() : focal()))],
    ['byEpoch', () => byEpoch((epoch) => (epoch < 1 ? weightedCrossentropy() : focal()))],
    [
      'falseNegativeBudget',
      () => falseNegativeBudget({ maximumFalseNegativeRate: 0.1, positiveClass: 1 } as never),
    ],
    ['a function', () => (y: Tensor, z: Tensor) => weightedCrossentropy()(y, z)],
  ]
  test.each(losses)('teach takes the loss %s', async (_name, loss) => {
    const training = { loss: loss(), batchSize: 24, optimizer: () => train.sgd(0) }
    const options = { training, criterion: magnitude() }
    const { rounds: without } = await run(options)
    const { rounds } = await run({ ...options, teach: denseTeacher() })
    const { rounds: alone } = await run({ ...options, teach: denseTeacher({ weight: 1 }) })
    expect(rounds[0]!.trainingLoss).toBe(without[0]!.trainingLoss)
    for (const i of [1, 2]) {
      const half = (without[i]!.trainingLoss + alone[i]!.trainingLoss) / 2
      expect(rounds[i]!.trainingLoss).toBeCloseTo(half, 5)
      expect(alone[i]!.trainingLoss).not.toBeCloseTo(without[i]!.trainingLoss, 3)
    }
  })

  test('teach leaves clipping, the best epoch, movement and rewinding as they are', async () => {
    const best = {
      evaluate: quickRun(data).evaluate as never,
      metric: ({ loss }: { loss: number }) => loss,
      direction: 'minimise',
    } as const
    const options = { criterion: movement(), rewind: rewindTo({ step: 2 }), training: { best } }
    const without = await run(options)
    const taught = await run({ ...options, teach: denseTeacher() })
    expect(plain(taught.rounds[0]!)).toEqual(plain(without.rounds[0]!))
    expect(taught.rounds[1]!.mask).toEqual(without.rounds[1]!.mask)
    expect(taught.rounds[1]!.movement).not.toEqual(without.rounds[1]!.movement)
  })
})

describe('teach and resume', () => {
  const rewinders = [undefined, () => rewindTo({ step: 2 }), fineTune] as const
  test.each([1, 2])('teach goes on to the same bits after round %i', async (cut) => {
    for (const make of rewinders)
      for (const trained of ['arrays', 'a dataset']) {
        const options = () => ({
          teach: denseTeacher({ weight: 0.7, temperature: 2 }),
          ...(make && { rewind: make() }),
          ...(trained === 'a dataset' && {
            train: fit(dataset(8, 2), { optimizer: () => train.momentum(0.02, 0.9), epochs: 2 }),
          }),
        })
        if (make && trained === 'a dataset') continue
        const whole = await run(options())
        const resume = structuredClone(whole.rounds.slice(0, cut))
        const resumed = await run({ ...options(), resume }, smallNetwork(9))
        expect(resumed.bits).toEqual(whole.bits)
        expect(resumed.rounds.map(plain)).toEqual(whole.rounds.map(plain))
      }
  })

  test('teach takes the dense round of another run', async () => {
    const { rounds } = await run()
    const expected = await run({ teach: denseTeacher() })
    const shared = await run(
      { teach: denseTeacher(), dense: structuredClone(rounds[0]!) },
      smallNetwork(3),
    )
    expect(shared.bits).toEqual(expected.bits)
  })

  test('teach refuses to resume rounds of another teach', async () => {
    const { rounds } = await run({ teach: denseTeacher({ weight: 0.5 }) })
    const message =
      'RangeError: Cannot resume: expected rounds of this teaching, got round 1 of another'
    const resume = JSON.parse(JSON.stringify(rounds.map(({ made }) => made ?? null)))
    const stored = structuredClone(rounds.slice(0, 2)).map((round, i) =>
      resume[i] ? { ...round, made: resume[i] } : round,
    )
    const refused = [
      {},
      { teach: denseTeacher({ weight: 0 }) },
      { teach: denseTeacher({ weight: 0.501 }) },
      { teach: denseTeacher({ temperature: 4.01 }) },
      { teach: modelTeacher(smallNetwork(5)) },
    ]
    for (const options of refused)
      expect(await lateRefusalOf(() => run({ ...options, resume: stored }))).toBe(message)
    for (const teach of [denseTeacher(), denseTeacher({ temperature: 4, weight: 0.5 })])
      expect((await run({ teach, resume: stored })).rounds.length).toBe(3)
    const without = (await run()).rounds.slice(0, 2)
    expect(await lateRefusalOf(() => run({ teach: denseTeacher(), resume: without }))).toBe(message)
    // Round 0 is the same with and without a teacher.
    expect((await run({ teach: denseTeacher(), resume: without.slice(0, 1) })).bits).toEqual(
      (await run({ teach: denseTeacher() })).bits,
    )
  })

  test('teach hears an abort between two batches of its evaluation, and goes on afterwards', async () => {
    const make = () =>
      fillWeights(
        sequential({
          layers: [
            layers.dense({ units: 5, activation: 'relu', batchInputShape: [8, 6], name: 'a' }),
            layers.dense({ units: 2, name: 'b' }),
          ],
        }),
      )
    const expected = await run({ teach: denseTeacher() }, make())
    const abort = new AbortController()
    const model = make()
    const ask = model.predictOnBatch.bind(model)
    const spy = vi.spyOn(model, 'predictOnBatch').mockImplementation((xs) => {
      abort.abort()
      return ask(xs)
    })
    const before = memory().numTensors
    const options = quickRun(data, { schedule, teach: denseTeacher(), signal: abort.signal })
    const error = await prune(model, options).catch((caught) => caught)
    expect(error).toBeInstanceOf(PruningError)
    expect([error.name, error.rounds.length, spy.mock.calls.length]).toEqual(['AbortError', 1, 1])
    expect(memory().numTensors).toBe(before)
    const left = weightBits(model)
    applyTrained(model, error.rounds[0])
    expect(weightBits(model)).toEqual(left)
    spy.mockRestore()
    const resumed = await run(
      { teach: denseTeacher(), resume: structuredClone(error.rounds) },
      model,
    )
    expect(resumed.bits).toEqual(expected.bits)
  })
})
