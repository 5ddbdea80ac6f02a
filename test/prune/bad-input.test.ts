import { memory, mul, tensor, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  aucNotBelow,
  type Criterion,
  classDependent,
  densityList,
  densityReached,
  erdosRenyiKernel,
  evaluateOn,
  falseNegativeRateAtMost,
  falseNegativesAtMost,
  fineTune,
  fit,
  geometric,
  globally,
  inGroups,
  initialFinal,
  lamp,
  layerwiseObs,
  magnitude,
  magnitudeIncrease,
  movement,
  needing,
  never,
  nOfM,
  oneShot,
  type PruneOptions,
  patience,
  polynomial,
  proportional,
  prune,
  pruningRounds,
  type Round,
  type RoundReport,
  random,
  reinitialise,
  rewindLearningRate,
  rewindTo,
  rewindToInitial,
  rewindToSign,
  type StoppingRule,
  type TrainingContext,
  taylor,
  units,
  wanda,
  weightedCrossentropy,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lateRefusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, type Samples, smallNetwork, weightBits } from './support.js'

let data: Samples
let model: LayersModel
let rounds: readonly Round[]
beforeAll(async () => {
  data = imbalancedSamples(24)
  const pruned = smallNetwork()
  rounds = (await prune(pruned, quickRun(data, { schedule: [1, 0.5] }))).rounds
  pruned.dispose()
  model = smallNetwork()
})
afterAll(() => {
  data.xs.dispose()
  model.dispose()
})

/**
 * What `prune` and `pruningRounds` both say; neither may change a weight, train or leave a tensor.
 */
async function refusal(options: object | undefined, of: LayersModel = model): Promise<string> {
  const [weights, tensors] = [of?.layers ? weightBits(of) : undefined, memory().numTensors]
  const train = () => expect.unreachable('nothing is trained')
  const complete = (options && { ...quickRun(data), train, ...options }) as PruneOptions
  const message = await lateRefusalOf(() => prune(of, complete))
  expect(await lateRefusalOf(() => pruningRounds(of, complete).next())).toBe(message)
  if (weights) expect(weightBits(of)).toEqual(weights)
  expect(memory().numTensors).toBe(tensors)
  return message
}

describe('prune before any weight changes', () => {
  test.each<[object | undefined, string]>([
    [
      undefined,
      'TypeError: Cannot prune: expected train to be a training function, such as fit(data, { optimizer, epochs }), got undefined',
    ],
    [
      { train: undefined },
      'TypeError: Cannot prune: expected train to be a training function, such as fit(data, { optimizer, epochs }), got undefined',
    ],
    [
      { train: 3 },
      'TypeError: Cannot prune: expected train to be a training function, such as fit(data, { optimizer, epochs }), got 3',
    ],
    [
      { evaluate: null },
      'TypeError: Cannot prune: expected evaluate to be an evaluation function, such as evaluateOn(data, { positiveClass: 1 }), got null',
    ],
    [
      { evaluate: { xs: [[1]], ys: [1] } },
      'TypeError: Cannot prune: expected evaluate to be an evaluation function, such as evaluateOn(data, { positiveClass: 1 }), got object',
    ],
    [
      { schedule: 0.5 },
      'TypeError: Cannot prune: expected a function or a list as schedule, such as geometric() or [1, 0.5, 0.25], got 0.5',
    ],
    [
      { store: 'runs/a' },
      'TypeError: Cannot prune: expected store to be a store of a run, such as folderStore(\'runs/a\'), got "runs/a"',
    ],
    [
      { criterion: 'magnitude' },
      'TypeError: Cannot prune: expected criterion to be a criterion, such as magnitude(), got "magnitude"',
    ],
    [
      { allocate: {} },
      'TypeError: Cannot prune: expected allocate to be an allocator, such as perLayer(), got object',
    ],
    [
      { onProgress: 'log' },
      'TypeError: Cannot prune: expected a function as onProgress, got "log"',
    ],
    [{ signal: {} }, 'TypeError: Cannot prune: expected an AbortSignal as signal, got object'],
    [
      { rewind: 'initial' },
      'TypeError: Cannot prune: expected rewind to be a rewinder, such as rewindToInitial(), got "initial"',
    ],
    [
      { rewind: null },
      'TypeError: Cannot prune: expected rewind to be a rewinder, such as rewindToInitial(), got null',
    ],
    [
      { rewind: {} },
      'TypeError: Cannot prune: expected rewind to be a rewinder, such as rewindToInitial(), got an object without weights',
    ],
    [
      { rewind: { ...rewindToInitial(), statistics: undefined } },
      "RangeError: Cannot prune: expected rewind.statistics to be 'rewound' or 'kept', got undefined",
    ],
    [
      { rewind: { ...rewindToInitial(), optimizer: 'new' } },
      "RangeError: Cannot prune: expected rewind.optimizer to be 'fresh' or 'rewound' or 'kept', got \"new\"",
    ],
  ])('prune rejects options of the wrong type: %#', async (options, message) => {
    expect(await refusal(options)).toBe(message)
  })

  test('prune tells that training and evaluation stand in the place of each other', async () => {
    const { evaluate } = quickRun(data)
    const trained = fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 })
    expect(await refusal({ evaluate: trained })).toBe(
      'TypeError: Cannot prune: expected an evaluation function as evaluate, got a training function: hand it in as train',
    )
    const swapped = { ...quickRun(data), train: evaluate } as unknown as PruneOptions
    expect(await lateRefusalOf(() => prune(model, swapped))).toContain(
      'expected a LayersModel, got the context of a training: hand this function to evaluate, not to train',
    )
  })

  test.each<[unknown, string]>([
    [
      0.5,
      'TypeError: Cannot prune: expected a function or a list as schedule, such as geometric() or [1, 0.5, 0.25], got 0.5',
    ],
    [[], 'RangeError: Cannot make a schedule: expected at least one density, got none'],
    [
      [0.5, 0.25],
      'RangeError: Cannot follow the schedule: expected density 1, the dense network, in round 0, got 0.5',
    ],
    [
      [1, 0],
      'RangeError: Cannot follow the schedule: expected a density in (0, 1] in round 1, got 0',
    ],
    [
      [1, 1.5],
      'RangeError: Cannot follow the schedule: expected a density in (0, 1] in round 1, got 1.5',
    ],
    [
      [1, Number.NaN],
      'RangeError: Cannot follow the schedule: expected a density in (0, 1] in round 1, got NaN',
    ],
    [[1, '0.5'], 'TypeError: Cannot follow the schedule: expected a number in round 1, got string'],
    [
      [1, 0.25, 0.5],
      'RangeError: Cannot follow the schedule: expected a density of at most 0.25, that of the round before, in round 2, got 0.5',
    ],
    [
      () => 0.9,
      'RangeError: Cannot follow the schedule: expected density 1, the dense network, in round 0, got 0.9',
    ],
    [
      Object.assign((round: number) => [1, 0.2, 0.4][round], { rounds: 3 }),
      'RangeError: Cannot follow the schedule: expected a density of at most 0.2, that of the round before, in round 2, got 0.4',
    ],
    [
      Object.assign(() => 1, { rounds: 0 }),
      'RangeError: Cannot prune: expected a schedule of at least 1 round, got 0',
    ],
  ])(
    'prune rejects a schedule that starts low, grows or leaves (0, 1]: %#',
    async (schedule, message) => {
      expect(await refusal({ schedule })).toBe(message)
    },
  )

  test('prune rejects what is no layers model', async () => {
    const wrong = [null, {}, tensor([1])] as unknown as LayersModel[]
    for (const one of wrong)
      expect(await refusal({}, one)).toMatch(/^TypeError: Cannot .*: expected a LayersModel, got/)
    ;(wrong[2] as unknown as { dispose: () => void }).dispose()
  })

  test('prune rejects a model and selections without a prunable weight', async () => {
    const bare = sequential({ layers: [layers.batchNormalization({ inputShape: [6] })] })
    expect(await refusal({}, bare)).toMatch(
      'RangeError: Cannot prune the model: expected at least one prunable weight, got none',
    )
    bare.dispose()
    expect(await refusal({ select: { exclude: /kernel/ } })).toMatch(
      'RangeError: Cannot prune the model: expected at least one prunable weight, got a selection that leaves out all of',
    )
    expect(await refusal({ select: { include: 'hiden' } })).toMatch(
      'RangeError: Cannot select weights: expected include to name one of hidden/kernel, middle/kernel, out/kernel, got hiden',
    )
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'prune rejects a model with a weight of %d',
    async (value) => {
      const broken = smallNetwork()
      const [kernel, ...others] = broken.getWeights()
      const values = tensor(kernel!.dataSync().slice().fill(value, 7, 8), kernel!.shape)
      broken.setWeights([values, ...others])
      values.dispose()
      expect(await refusal({}, broken)).toBe(
        `RangeError: Cannot prune: expected finite weights before training, got ${value} in hidden/kernel at index 7`,
      )
      broken.dispose()
    },
  )
})

/** The finished rounds with another part in the second of them. */
const withSecond = (parts: object) => [rounds[0], { ...rounds[1], ...parts }]

describe('prune with pieces that would fail in a later round', () => {
  test.each<[string, () => object, RegExp]>([
    [
      'an allocator of too few counts',
      () => ({ allocate: () => [72] }),
      /^TypeError: Cannot share out the density: expected 3 counts from the allocator, got 1$/,
    ],
    [
      'an allocator of counts that do not fit',
      () => ({ allocate: () => [72, 96, 17] }),
      /^RangeError: Cannot share out the density: expected 1 to 16 elements for out.kernel, got 17$/,
    ],
    [
      'lamp with scores that may become negative',
      () => ({ allocate: lamp(), criterion: magnitudeIncrease() }),
      /^RangeError: .* by lamp: expected scores of hidden.kernel in \[0, Infinity\), as criterion: magnitude\(\) gives, got -/,
    ],
    [
      'lamp for some weights alone with a criterion that needs a training',
      () => ({
        allocate: inGroups([{ include: 'hidden', allocate: lamp() }]),
        criterion: movement(),
      }),
      /^RangeError: .* by lamp: expected scores of hidden.kernel in \[0, Infinity\), as .*, got -/,
    ],
    [
      'samples of another shape',
      () => ({ evaluate: evaluateOn({ xs: [[1, 2]], ys: [1] }, { positiveClass: 1 }) }),
      /^TypeError: Cannot evaluate: expected xs of shape \[n, 6\] for hidden_input, got \[1, 2\]$/,
    ],
    [
      'labels that the model has no class for',
      () => ({
        evaluate: evaluateOn({ xs: data.xs, ys: data.ys.map((y) => y * 2) }, { positiveClass: 2 }),
      }),
      /^RangeError: Cannot evaluate: expected class indices below 2, got 2$/,
    ],
  ])('prune rejects %s', async (_, options, message) => {
    expect(await refusal(options())).toMatch(message)
  })

  test.each([magnitude(), initialFinal({ rule: 'largeMovement' })])(
    'prune takes lamp with criterion %#',
    async (criterion) => {
      const of = smallNetwork()
      const options = { ...quickRun(data, { schedule: [1, 0.5] }), criterion, allocate: lamp() }
      const { kept } = await prune(of, { ...options, stop: densityReached(0.5) })
      expect(kept?.kept).toBe(
        Math.round(kept!.mask.weights.reduce((sum, { values }) => sum + values.length, 0) / 2),
      )
      of.dispose()
    },
  )

  test.each([
    [{ epoch: 3 }, 'epoch 3, got one that ends after 2'],
    [{ step: 7 }, 'step 7, got one that ends after 6'],
    [{ epoch: 2 }, 'epoch 2, got one that ends after 2'],
    [{ step: 6 }, 'step 6, got one that ends after 6'],
  ])('prune rejects a rewinder of a point that fit does not reach: %o', async (point, message) => {
    const { train } = quickRun(data)
    const before = weightBits(model)
    const options = { ...quickRun(data), train, rewind: rewindTo(point) }
    expect(await lateRefusalOf(() => prune(model, options))).toBe(
      `RangeError: Cannot rewind: expected a round to pass ${message}`,
    )
    expect(weightBits(model)).toEqual(before)
  })

  const lost = [undefined, rewindTo({ epoch: 1 }), reinitialise({ seed: 1 }), rewindToSign()]
  test.each(lost)(
    'prune rejects a criterion that compensates with rewinder %#, which loses it',
    async (rewind) => {
      const options = { ...quickRun(data), ...(rewind && { rewind }), samples: data }
      const before = weightBits(model)
      expect(
        await lateRefusalOf(() => prune(model, { ...options, criterion: layerwiseObs() })),
      ).toBe(
        'RangeError: Cannot prune: expected a rewinder that keeps trained weights, such as ' +
          'fineTune(), beside a criterion that compensates, got ' +
          `${rewind?.name ?? 'rewindToInitial'}, which loses the compensated ones. ` +
          'needing(needs, criterion) makes a criterion that only scores.',
      )
      expect(weightBits(model)).toEqual(before)
    },
  )

  test.each([fineTune(), rewindLearningRate()])(
    'prune takes a criterion that compensates with $name',
    async (rewind) => {
      const of = smallNetwork()
      const options = { ...quickRun(data, { schedule: [1, 0.5] }), samples: data, rewind }
      const { rounds } = await prune(of, { ...options, criterion: layerwiseObs() })
      expect(rounds.length).toBe(2)
      of.dispose()
    },
  )

  test('prune takes the scores alone of a criterion that compensates with any rewinder', async () => {
    const of = smallNetwork()
    const criterion = needing(['inputProducts'], layerwiseObs())
    const { rounds } = await prune(of, {
      ...quickRun(data, { schedule: [1, 0.5] }),
      ...{ samples: data, criterion },
    })
    expect(rounds.length).toBe(2)
    of.dispose()
  })

  test('prune rejects options that do not exist', async () => {
    const wrong = { ...quickRun(data), stopp: never() }
    expect(await lateRefusalOf(() => prune(model, wrong))).toMatch(
      /^TypeError: Cannot prune: expected options among train, .*, signal, stop, got stopp: did you mean stop\?$/,
    )
    const other = { ...quickRun(data), stop: never() }
    expect(await lateRefusalOf(() => pruningRounds(model, other).next())).toMatch(
      /, signal, got stop: did you mean store\?$/,
    )
  })

  test.each<[keyof PruneOptions, string, (...options: never[]) => unknown]>([
    ['stop', 'a stopping rule', never],
    ['stop', 'a stopping rule', falseNegativesAtMost],
    ['stop', 'a stopping rule', falseNegativeRateAtMost],
    ['stop', 'a stopping rule', densityReached],
    ['stop', 'a stopping rule', patience],
    ['stop', 'a stopping rule', aucNotBelow],
    ['rewind', 'a rewinder', rewindToInitial],
    ['rewind', 'a rewinder', rewindTo],
    ['rewind', 'a rewinder', reinitialise],
    ['schedule', 'a schedule', geometric],
    ['schedule', 'a schedule', polynomial],
    ['schedule', 'a schedule', oneShot],
    ['schedule', 'a schedule', densityList],
    ['allocate', 'an allocator', globally],
    ['allocate', 'an allocator', lamp],
    ['allocate', 'an allocator', erdosRenyiKernel],
    ['allocate', 'an allocator', proportional],
    ['allocate', 'an allocator', inGroups],
    ['criterion', 'a criterion', magnitude],
    ['criterion', 'a criterion', magnitudeIncrease],
    ['criterion', 'a criterion', random],
    ['criterion', 'a criterion', taylor],
    ['criterion', 'a criterion', wanda],
    ['granularity', 'a granularity', units],
    ['granularity', 'a granularity', nOfM],
    ['evaluate', 'an evaluation function', evaluateOn],
    ['train', 'a training function', fit],
  ])('prune rejects a factory that was not called: %s, %s, %o', async (name, kind, factory) => {
    const [before, tensors] = [weightBits(model), memory().numTensors]
    const train = () => expect.unreachable('nothing is trained')
    const options = { ...quickRun(data), train, [name]: factory }
    expect(await lateRefusalOf(() => prune(model, options))).toBe(
      `TypeError: Cannot prune: expected ${name} to be ${kind}, got a factory: ${factory.name} is a function that makes ${kind}: call it, ${factory.name}()`,
    )
    expect(weightBits(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
  })

  test.each<[string, PruneOptions['stop']]>([
    ['copies the rounds', (done) => last(structuredClone(done))],
    ['writes the rounds down', (done) => (JSON.stringify(done) ? last([...done]) : last([]))],
  ])('prune takes a rule that %s', async (_, stop) => {
    const of = smallNetwork()
    expect((await prune(of, { ...quickRun(data), stop: stop! })).kept?.round).toBe(0)
    of.dispose()
  })

  test('prune takes functions that declare more arguments than they are given', async () => {
    const of = smallNetwork()
    const { train, evaluate, ...others } = quickRun(data)
    const options = {
      ...others,
      schedule: [1, 0.5],
      train: (context: TrainingContext, _more?: boolean) => train(context),
      evaluate: (model: LayersModel, _context?: object, _more?: boolean) => evaluate(model),
    }
    expect((await prune(of, options)).rounds).toHaveLength(2)
    of.dispose()
  })

  test('prune passes the own error of a criterion and of a schedule on, called once', async () => {
    const own = new Error('Cannot score: expected a gradient, got none')
    let calls = 0
    const fails = () => {
      calls++
      throw own
    }
    for (const option of [{ criterion: fails }, { schedule: fails }, { allocate: fails }]) {
      calls = 0
      await expect(prune(model, { ...quickRun(data), ...option })).rejects.toBe(own)
      expect(calls).toBe(1)
    }
  })

  test('prune shows a criterion the unit axes when it tries it, too', async () => {
    const of = smallNetwork()
    const criterion: Criterion = ({ unitAxes, final }) => mul(final, unitAxes![0]! + 1)
    expect(
      (await prune(of, quickRun(data, { criterion, schedule: [1, 0.5] }))).rounds,
    ).toHaveLength(2)
    of.dispose()
  })

  test('prune tells a factory of a training by its answer, before a weight changes', async () => {
    const before = weightBits(model)
    const makeTrain = () => quickRun(data).train
    const options = { ...quickRun(data), train: makeTrain as never }
    expect(await lateRefusalOf(() => prune(model, options))).toMatch(
      /^TypeError: Cannot prune: .+ makeTrain is a function that makes a training function/,
    )
    expect(weightBits(model)).toEqual(before)
  })

  test.each([weightedCrossentropy, classDependent])(
    'fit tells the factory of a loss: %o',
    async (loss) => {
      const options = { optimizer: () => train.sgd(0.1), epochs: 1, loss: loss as never }
      expect(
        await lateRefusalOf(() => prune(model, { ...quickRun(data), train: fit(data, options) })),
      ).toBe(
        `TypeError: Cannot train: expected loss to be a loss, got a factory: ${loss.name} is a function that makes a loss: call it, ${loss.name}()`,
      )
    },
  )

  test('prune tells a factory of an evaluation by its answer', async () => {
    const of = smallNetwork()
    const makeEvaluate = () => evaluateOn(data, { positiveClass: 1 })
    const options = { ...quickRun(data), evaluate: makeEvaluate as never }
    expect(await lateRefusalOf(() => prune(of, options))).toMatch(
      /^TypeError: Cannot prune: .+ makeEvaluate is a function that makes an evaluation function/,
    )
    of.dispose()
  })

  test('prune takes a rule that throws in our words where there is no round', async () => {
    const of = smallNetwork()
    const stop: StoppingRule = (finished) => {
      if (finished.length === 0) throw new TypeError('Cannot judge: expected a round, got none')
      return { stop: true, reason: 'enough', keep: 0 }
    }
    const { kept, ended } = await prune(of, { ...quickRun(data), stop })
    expect([kept?.round, ended]).toEqual([0, 'enough'])
    of.dispose()
  })

  test('prune rejects a model that another run is training, which goes on', async () => {
    const own = smallNetwork()
    const first = prune(own, quickRun(data, { schedule: [1, 0.5] }))
    const second = lateRefusalOf(() => prune(own, quickRun(data, { schedule: [1, 0.5] })))
    expect((await first).kept?.round).toBe(1)
    expect(await second).toBe(busyWords(own))
    own.dispose()
  })

  // A model that is half pruned would be read as a sparse one, and its weights as W0.
  test.each([prune, pruningRounds])('%o says so at any point of the other run', async (begin) => {
    const own = smallNetwork()
    const run = quickRun(data, { schedule: [1, 0.5] })
    const refusals: string[] = []
    const refuse = async () => {
      const second = begin(own, run)
      const started = async () => ('next' in second ? second.next() : second)
      refusals.push(await lateRefusalOf(started))
    }
    const { kept } = await prune(own, {
      ...run,
      train: async (context) => {
        await refuse()
        await run.train(context)
      },
      evaluate: async (model) => {
        await refuse()
        return run.evaluate(model)
      },
    })
    expect(kept?.round).toBe(1)
    // Twice a round, and once while the pieces are tried.
    expect(refusals).toEqual(Array(5).fill(busyWords(own)))
    own.dispose()
  })

  test('pruningRounds leaves the model free between rounds', async () => {
    const own = smallNetwork()
    const rounds: Round[] = []
    for await (const round of pruningRounds(own, quickRun(data, { schedule: [1, 0.5] }))) {
      rounds.push(round)
      const { kept } = await prune(own, quickRun(data, { schedule: [1], dense: rounds[0]! }))
      expect(kept?.density).toBe(1)
    }
    expect(rounds.map(({ density }) => density)).toEqual([1, 0.5])
    own.dispose()
  })
})

const busyWords = ({ name }: LayersModel) =>
  `Error: Cannot prune: expected the model ${name} to be free, got one that another run is at work on`

/** Stops at the first round. */
function last(done: readonly RoundReport[]) {
  return {
    stop: done.length > 0,
    reason: 'enough',
    keep: done.length ? done.length - 1 : undefined,
  }
}

describe('prune with rounds to resume', () => {
  test.each<[() => object, string | RegExp]>([
    [() => ({ resume: 3 }), 'TypeError: Cannot resume: expected a list of finished rounds, got 3'],
    [
      () => ({ resume: rounds[0] }),
      'TypeError: Cannot resume: expected a list of finished rounds, got object',
    ],
    [
      () => ({ resume: [rounds[1]] }),
      'RangeError: Cannot resume: expected the finished rounds from 0 on, got round 1 at 0',
    ],
    [
      () => ({ resume: [undefined] }),
      'RangeError: Cannot resume: expected the finished rounds from 0 on, got round undefined at 0',
    ],
    [
      () => ({ resume: withSecond({ trained: undefined }) }),
      'TypeError: Cannot resume: expected round 1 with its mask and weights, got a report without them',
    ],
    [
      () => ({ resume: rounds, select: { biases: true } }),
      'RangeError: Cannot resume: expected masks of hidden/kernel, hidden/bias, middle/kernel, middle/bias, out/kernel, out/bias, got hidden/kernel, middle/kernel, out/kernel in round 0',
    ],
    [
      () => ({ resume: rounds, select: { keepLastLayer: true } }),
      'RangeError: Cannot resume: expected masks of hidden/kernel, middle/kernel, got hidden/kernel, middle/kernel, out/kernel in round 0',
    ],
    [
      () => ({ resume: rounds, rewind: rewindTo({ epoch: 1 }) }),
      'RangeError: Cannot resume with rewindTo(epoch 1): expected rounds that it made, got those of rewindToInitial',
    ],
  ])('prune rejects rounds that do not fit: %#', async (options, message) => {
    expect(await refusal(options())).toBe(message)
  })

  test('prune rejects the rounds of another network', async () => {
    const wider = sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 13, inputShape: [6] }),
        layers.dense({ name: 'middle', units: 8 }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    expect(await refusal({ resume: rounds, rewind: fineTune() }, wider)).toBe(
      'TypeError: Cannot use the mask: expected shape [6, 13] for hidden/kernel, got [6, 12]',
    )
    wider.dispose()
  })
})
