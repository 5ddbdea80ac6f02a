import {
  add,
  cast,
  gather,
  memory,
  mul,
  reshape,
  slice,
  type Tensor,
  tensor1d,
  tensor4d,
  tidy,
  train,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  type Augment,
  type AugmentContext,
  type Batch,
  type DatasetData,
  denseTeacher,
  evaluateOn,
  type FitOptions,
  fineTune,
  fit,
  mirrorImages,
  prune,
  rewindTo,
  rewindToInitial,
  shiftImages,
  shuffledBatches,
  type TrainingContext,
  type TrainingData,
} from 'tfjs-prune'
import { falseNegativeBudget } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { quickRun, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights, randomValues } from '../support/weights.js'
import { contextOf } from './context.js'

let data: Samples
let model: LayersModel
forEachTest(20, (...own) => {
  ;[data, model] = own
})

const optimizer = () => train.momentum(0.02, 0.9)
const options: FitOptions = { optimizer, epochs: 2, batchSize: 8 }

/** The bits of a new network, or a given one, after a training. */
async function trained(
  of: TrainingData,
  settings: FitOptions,
  { network = smallNetwork(), ...parts }: Partial<TrainingContext> & { network?: LayersModel } = {},
) {
  await fit(of, settings)(contextOf(network, parts))
  const bits = weightBits(network)
  network.dispose()
  return bits
}

/** Writes down the contexts that it is called with. */
function watcher() {
  const contexts: AugmentContext[] = []
  const augment: Augment = (batch, context) => {
    contexts.push(context)
    return batch
  }
  return { contexts, augment }
}

const doubled: Augment = ({ xs, ys }) => ({ xs: xs.map((one) => mul(one, 2)), ys })
/** Another number for each seed, the same for the same. */
const scaled: Augment = ({ xs, ys }, { seed }) => {
  return { xs: xs.map((one) => mul(one, 0.5 + seed / 2 ** 32)), ys }
}

/** The same batches as `fit` draws from arrays for two epochs, over and over. */
function dataset(): DatasetData {
  const sampler = shuffledBatches({ sampleCount: 20, batchSize: 8 })
  let epoch = 0
  const batchOf = (rows: Int32Array) =>
    tidy(() => {
      const indices = tensor1d(rows, 'int32')
      return {
        xs: gather(data.xs, indices),
        ys: gather(tensor1d(Array.from(data.ys)), indices),
      }
    })
  return {
    iterator: async () => {
      const rest = [...sampler(epoch++ % 2)]
      const next = async (): Promise<IteratorResult<Batch, unknown>> => {
        const rows = rest.shift()
        return rows ? { done: false, value: batchOf(rows) } : { done: true, value: null }
      }
      return { next }
    },
  }
}

describe('fit with augment', () => {
  test('fit with an augmentation that changes nothing trains to the same bits', async () => {
    const plain = await trained(data, options)
    expect(await trained(data, { ...options, augment: watcher().augment })).toEqual(plain)
    expect(await trained(data, { ...options, augment: [] })).toEqual(plain)
  })

  test('fit trains on what the augmentation returns, as on data that were changed before', async () => {
    const xs = mul(data.xs, 2)
    const wanted = await trained({ xs, ys: data.ys }, options)
    xs.dispose()
    expect(await trained(data, { ...options, augment: doubled })).toEqual(wanted)
    expect(await trained(data, options)).not.toEqual(wanted)
  })

  test('fit hands each function of a list the answer of the one before, and a seed of its own', async () => {
    const xs = mul(add(data.xs, 1), 2)
    const wanted = await trained({ xs, ys: data.ys }, options)
    xs.dispose()
    const [first, second] = [watcher(), watcher()]
    const plusOne: Augment = (batch, context) => {
      first.augment(batch, context)
      return { ...batch, xs: batch.xs.map((one) => add(one, 1)) }
    }
    const augment = [plusOne, second.augment, doubled]
    expect(await trained(data, { ...options, augment })).toEqual(wanted)
    const seeds = [...first.contexts, ...second.contexts].map(({ seed }) => seed)
    expect(new Set(seeds).size).toBe(2 * 6)
  })

  test('fit may change labels too', async () => {
    const ys = data.ys.map((label) => 1 - label)
    const augment: Augment = (batch) => ({ ...batch, ys: add(mul(batch.ys, -1), 1) })
    expect(await trained(data, { ...options, augment })).toEqual(
      await trained({ xs: data.xs, ys }, options),
    )
  })

  test('fit gives the batch in the order of the sampler, its place and a seed', async () => {
    const seen: number[][] = []
    const { contexts, augment: watch } = watcher()
    const augment: Augment = (batch, context) => {
      seen.push(Array.from(batch.xs[0]!.dataSync()), Array.from(batch.ys.dataSync()))
      return watch(batch, context)
    }
    await fit(data, { ...options, seed: 3, augment })(contextOf(model))
    expect(contexts.map(({ epoch, batch }) => [epoch, batch])).toEqual(
      [0, 1].flatMap((epoch) => [0, 1, 2].map((batch) => [epoch, batch])),
    )
    const rows = data.xs.arraySync()
    const sampler = shuffledBatches({ sampleCount: 20, batchSize: 8, seed: 3 })
    const wanted = [...sampler(0), ...sampler(1)].flatMap((indices) => [
      [...indices].flatMap((i) => rows[i]!),
      [...indices].map((i) => data.ys[i]!),
    ])
    expect(seen).toEqual(wanted)
    expect(
      contexts.every(({ seed }) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32),
    ).toBe(true)
    expect(new Set(contexts.map(({ seed }) => seed)).size).toBe(6)
  })

  test('fit gives the same seeds in each run, and others for another seed', async () => {
    const seedsOf = async (seed: number | undefined) => {
      const { contexts, augment } = watcher()
      await trained(data, { ...options, augment, ...(seed !== undefined && { seed }) })
      return contexts.map((context) => context.seed)
    }
    const first = await seedsOf(undefined)
    expect(await seedsOf(0)).toEqual(first)
    const other = await seedsOf(1)
    expect(other.filter((seed) => first.includes(seed))).toEqual([])
  })

  test('fit gives the batches of all rounds the same seeds, unless the order goes on', async () => {
    const contextsOf = async (rewind: ReturnType<typeof fineTune>) => {
      const { contexts, augment } = watcher()
      const network = smallNetwork()
      const run = quickRun(data, { training: { augment }, rewind, schedule: [1, 0.5] })
      await prune(network, run)
      network.dispose()
      return contexts
    }
    const again = await contextsOf(rewindToInitial())
    expect(again.slice(6)).toEqual(again.slice(0, 6))
    const on = await contextsOf(fineTune())
    expect(on.slice(0, 6)).toEqual(again.slice(0, 6))
    expect(on.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    expect(new Set(on.map(({ seed }) => seed)).size).toBe(12)
  })

  test('fit that resumes within an epoch goes on with the seeds of its batches', async () => {
    const whole = watcher()
    await trained(data, { ...options, augment: whole.augment })
    const late = watcher()
    const resumeAt = { epoch: 1, step: 4, batch: 1 }
    await trained(data, { ...options, augment: late.augment }, { resumeAt })
    expect(late.contexts).toEqual(whole.contexts.slice(4))
  })

  test.each([
    ['rewindTo', () => rewindTo({ step: 4 })],
    ['fineTune', () => fineTune()],
  ])('prune with %s and an augmentation resumes to the same bits', async (_name, rewind) => {
    const run = () => quickRun(data, { training: { augment: scaled, seed: 5 }, rewind: rewind() })
    const schedule = [1, 0.5, 0.25]
    const whole = await prune(model, { ...run(), schedule })
    const bits = weightBits(model)
    const [second, third] = [smallNetwork(), smallNetwork()]
    const { rounds } = await prune(second, { ...run(), schedule: schedule.slice(0, 2) })
    const resume = structuredClone(rounds)
    const resumed = await prune(third, { ...run(), schedule, resume })
    expect(weightBits(third)).toEqual(bits)
    expect(resumed.rounds[2]!.evaluation).toEqual(whole.rounds[2]!.evaluation)
    second.dispose()
    third.dispose()
  })

  test('prune refuses rounds to resume that were trained with another augmentation', async () => {
    const run = (augment: FitOptions['augment']) =>
      quickRun(data, { training: augment ? { augment } : {}, schedule: [1, 0.5, 0.25] })
    // These samples are rows, not images.
    const named = (settings: object) => Object.assign(watcher().augment, { settings })
    const done = await prune(model, run(named({ name: 'shiftImages', pixels: 2 })))
    const again = (augment?: FitOptions['augment']) =>
      lateRefusalOf(() =>
        prune(smallNetwork(), { ...run(augment), resume: done.rounds.slice(0, 2) }),
      )
    expect(await again(named({ name: 'shiftImages', pixels: 2 }))).toBe('no error')
    for (const other of [undefined, [], doubled, named({ name: 'shiftImages', pixels: 3 })])
      expect(await again(other)).toMatch(/^RangeError: Cannot resume.*training/)
  })

  test('fit augments the steps and nothing else: no evaluation, best or update of a loss', async () => {
    const wrecked: Augment = ({ xs, ys }) => ({ xs: xs.map((one) => add(mul(one, 0), 1)), ys })
    const { contexts, augment } = watcher()
    const measured: unknown[] = []
    const evaluate = evaluateOn(data, { positiveClass: 1 })
    const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 })
    const metric = (evaluation: Parameters<NonNullable<FitOptions['best']>['metric']>[0]) => {
      measured.push(evaluation)
      return evaluation.auc
    }
    const run = quickRun(data, {
      training: {
        loss,
        augment: [augment, wrecked],
        best: { evaluate, metric, direction: 'maximise' },
      },
      schedule: [1, 0.5],
    })
    const { rounds } = await prune(model, run)
    expect(contexts).toHaveLength(2 * 2 * 3)
    // Once more before training, of the first samples.
    expect(measured).toHaveLength(1 + 2 * 2)
    // Of ones, all scores would be equal, and the AUC 0.5.
    for (const { evaluation } of rounds) expect(evaluation.auc).not.toBe(0.5)
    for (const evaluation of measured) expect(evaluation).toHaveProperty('auc', expect.any(Number))
    expect(rounds[1]!.evaluation).toEqual(await evaluate(model))
  })

  test('fit shows a teacher the augmented batch, of arrays as of a dataset', async () => {
    const { batchSize: _, ...rest } = options
    const bits = async (of: TrainingData, settings: FitOptions) => {
      const network = smallNetwork()
      const run = { train: fit(of, settings), evaluate: evaluateOn(data, { positiveClass: 1 }) }
      await prune(network, { ...run, schedule: [1, 0.5], teach: denseTeacher() })
      const all = weightBits(network)
      network.dispose()
      return all
    }
    const before = memory().numTensors
    const wanted = await bits(data, { ...options, augment: scaled })
    expect(memory().numTensors).toBe(before)
    expect(await bits(dataset(), { ...rest, augment: scaled })).toEqual(wanted)
    const alone: Augment = (batch) => ({ ...batch, xs: batch.xs.map((one) => mul(one, 1)) })
    expect(await bits(data, { ...options, augment: alone })).not.toEqual(wanted)
  })

  test('fit with clipNorm clips the gradients of the augmented batch', async () => {
    const xs = mul(data.xs, 2)
    const clipped = { ...options, clipNorm: 0.01 }
    const wanted = await trained({ xs, ys: data.ys }, clipped)
    xs.dispose()
    expect(await trained(data, { ...clipped, augment: doubled })).toEqual(wanted)
  })

  test('fit augments a dataset as it does arrays, with a seed of its own', async () => {
    const wanted = await trained(data, { ...options, augment: scaled })
    const { batchSize: _, ...rest } = options
    expect(await trained(dataset(), { ...rest, augment: scaled })).toEqual(wanted)
    expect(await trained(dataset(), { ...rest, augment: scaled, seed: 0 })).toEqual(wanted)
    expect(await trained(dataset(), { ...rest, augment: scaled, seed: 1 })).not.toEqual(wanted)
  })

  test('fit counts the batches of portions of a dataset from 0', async () => {
    const { contexts, augment } = watcher()
    await trained(dataset(), { optimizer, epochs: 3, stepsPerEpoch: 2, augment })
    const wanted = [0, 1, 2].flatMap((epoch) => [0, 1].map((batch) => [epoch, batch]))
    expect(contexts.map(({ epoch, batch }) => [epoch, batch])).toEqual(wanted)
  })

  test('fit takes a sampler and a seed together, for the augmentation', async () => {
    const batches = shuffledBatches({ sampleCount: 20, batchSize: 8, seed: 9 })
    const run = (seed: number) =>
      trained(data, { optimizer, epochs: 2, batches, seed, augment: scaled })
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect(await run(2)).not.toEqual(first)
  })

  test('fit keeps the order of a stateful model that has a seed for its augmentation', async () => {
    const cell = { units: 3, recurrentInitializer: 'glorotNormal', stateful: true } as const
    const make = () =>
      fillWeights(
        sequential({
          layers: [
            layers.simpleRNN({ ...cell, name: 'cell', batchInputShape: [4, 3, 2] }),
            layers.dense({ units: 2, name: 'out' }),
          ],
        }),
      )
    const xs = reshape(tensor1d(randomValues(8 * 6)), [8, 3, 2])
    const samples = { xs, ys: [0, 1, 0, 1, 0, 1, 0, 1] }
    const seen: number[][] = []
    const augment: Augment = (batch) => {
      seen.push(Array.from(batch.ys.dataSync()))
      return batch
    }
    const plain = await trained(samples, { optimizer, epochs: 1 }, { network: make() })
    const run = { optimizer, epochs: 1, seed: 3, augment }
    expect(await trained(samples, run, { network: make() })).toEqual(plain)
    expect(seen).toEqual([
      [0, 1, 0, 1],
      [0, 1, 0, 1],
    ])
    xs.dispose()
  })

  test('fit gives several inputs in the order of the model', async () => {
    const [image, meta] = [
      input({ shape: [3, 3, 1], name: 'image' }),
      input({ shape: [2], name: 'meta' }),
    ]
    const flat = layers.flatten().apply(image) as SymbolicTensor
    const both = layers.concatenate().apply([flat, meta]) as SymbolicTensor
    const outputs = layers.dense({ units: 2, name: 'out' }).apply(both) as SymbolicTensor
    const network = fillWeights(modelOf({ inputs: [image, meta], outputs }))
    const images = tensor4d(randomValues(6 * 9), [6, 3, 3, 1])
    const xs = { meta: Array.from({ length: 6 }, (_, i) => [i, -i]), image: images }
    const shapes: number[][] = []
    const augment: Augment = (batch) => {
      shapes.push(...batch.xs.map(({ shape }) => shape))
      return batch
    }
    const before = memory().numTensors
    await fit(
      { xs, ys: [0, 1, 0, 1, 0, 1] },
      {
        ...options,
        epochs: 1,
        batchSize: 3,
        augment: [augment, shiftImages({ pixels: 1 }), mirrorImages(), augment],
      },
    )(contextOf(network))
    expect(memory().numTensors).toBe(before)
    const pair = [
      [3, 3, 3, 1],
      [3, 2],
    ]
    expect(shapes).toEqual([...pair, ...pair, ...pair, ...pair])
    images.dispose()
    network.dispose()
  })

  test('fit shifts int32 images as the model takes them, and as float32 ones', async () => {
    const make = () =>
      fillWeights(
        sequential({
          layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 2 })],
        }),
      )
    const values = [...randomValues(6 * 16)].map((x) => Math.round(100 * x))
    const augment = [shiftImages({ pixels: 1 }), mirrorImages()]
    const run = async (dtype: 'int32' | 'float32') => {
      const xs = tensor4d(values, [6, 4, 4, 1], dtype)
      const settings = { optimizer: () => train.sgd(1e-4), epochs: 2, batchSize: 3, augment }
      const bits = await trained({ xs, ys: [0, 1, 0, 1, 0, 1] }, settings, { network: make() })
      xs.dispose()
      return Object.values(bits)
    }
    expect(await run('int32')).toEqual(await run('float32'))
  })

  test('fit frees all that an augmentation makes, also of a list that it changes in place', async () => {
    const augment: Augment = ({ xs, ys }) => {
      const list = xs as Tensor[]
      mul(mul(list[0]!, 3), 4)
      list[0] = add(list[0]!, 1)
      return { xs: list, ys }
    }
    await expect(() => trained(data, { ...options, augment })).toLeaveNoTensors()
    await expect(() => trained(dataset(), { optimizer, epochs: 1, augment })).toLeaveNoTensors()
  })

  test('fit passes an error of the augmentation on and frees its tensors', async () => {
    const augment: Augment = ({ xs }, { batch }) => {
      add(xs[0]!, 1)
      if (batch === 1) throw new Error('enough')
      return { xs, ys: tensor1d(Array(8).fill(1)) }
    }
    const before = memory().numTensors
    await expect(fit(data, { ...options, augment })(contextOf(model))).rejects.toThrow('enough')
    await expect(
      fit(dataset(), { optimizer, epochs: 1, augment })(contextOf(model)),
    ).rejects.toThrow('enough')
    expect(memory().numTensors).toBe(before)
  })

  const BATCH = '{ xs: [float32 [8, 6]], ys: float32 [8] }'
  test.each<[string, (batch: { xs: readonly Tensor[]; ys: Tensor }) => unknown, string]>([
    ['nothing', () => undefined, 'undefined'],
    ['null', () => null, 'null'],
    ['a tensor', ({ xs }) => mul(xs[0]!, 2), 'float32 [8, 6]'],
    ['a list', ({ xs, ys }) => [xs[0], ys], '[float32 [8, 6], float32 [8]]'],
    ['no labels', ({ xs }) => ({ xs }), '{ xs: [float32 [8, 6]], ys: undefined }'],
    ['no inputs', ({ ys }) => ({ ys }), '{ xs: undefined, ys: float32 [8] }'],
    [
      'inputs out of a list',
      ({ xs, ys }) => ({ xs: xs[0], ys }),
      '{ xs: float32 [8, 6], ys: float32 [8] }',
    ],
    [
      'one input more',
      ({ xs, ys }) => ({ xs: [...xs, ys], ys }),
      '{ xs: [float32 [8, 6], float32 [8]], ys: float32 [8] }',
    ],
    ['no input', ({ ys }) => ({ xs: [], ys }), '{ xs: [], ys: float32 [8] }'],
    ['a number', ({ ys }) => ({ xs: [3], ys }), '{ xs: [3], ys: float32 [8] }'],
    [
      'another key',
      (batch) => ({ ...batch, weights: batch.ys }),
      '{ xs: [float32 [8, 6]], ys: float32 [8], weights: float32 [8] }',
    ],
    [
      'fewer samples',
      ({ xs, ys }) => ({ xs: [slice(xs[0]!, 0, 7)], ys }),
      '{ xs: [float32 [7, 6]], ys: float32 [8] }',
    ],
    [
      'fewer labels',
      ({ xs, ys }) => ({ xs, ys: slice(ys, 0, 7) }),
      '{ xs: [float32 [8, 6]], ys: float32 [7] }',
    ],
    [
      'another shape',
      ({ xs, ys }) => ({ xs: [reshape(xs[0]!, [6, 8])], ys }),
      '{ xs: [float32 [6, 8]], ys: float32 [8] }',
    ],
    [
      'another dtype',
      ({ xs, ys }) => ({ xs: [cast(xs[0]!, 'int32')], ys }),
      '{ xs: [int32 [8, 6]], ys: float32 [8] }',
    ],
    [
      'other labels',
      ({ xs, ys }) => ({ xs, ys: cast(ys, 'bool') }),
      '{ xs: [float32 [8, 6]], ys: bool [8] }',
    ],
    [
      'a disposed tensor',
      ({ xs, ys }) => {
        for (const one of xs) one.dispose()
        return { xs, ys }
      },
      '{ xs: [a disposed tensor], ys: float32 [8] }',
    ],
    ['a promise', async (batch) => batch, 'a promise'],
    ['a promise that fails', async () => Promise.reject(new Error('late')), 'a promise'],
  ])(
    'fit refuses an augmentation that returns %s, before a weight changes',
    async (_what, answer, got) => {
      const bits = weightBits(model)
      const before = memory().numTensors
      const message = `Cannot train: expected augment to return ${BATCH}, got ${got}`
      for (const [of, size] of [
        [data, { batchSize: 8 }],
        [dataset(), {}],
      ] as const) {
        const run = fit(of, { optimizer, epochs: 1, ...size, augment: answer as Augment })
        expect(await lateRefusalOf(async () => run(contextOf(model)))).toBe(`TypeError: ${message}`)
      }
      expect(weightBits(model)).toEqual(bits)
      // Those that `slice` of the second dataset made ahead are its own.
      expect(memory().numTensors - before).toBeLessThanOrEqual(2 * 2)
    },
  )

  test('fit names the function of a list that returns something else', async () => {
    const augment = [doubled, (() => undefined) as unknown as Augment]
    const run = () => trained(data, { ...options, augment })
    expect(await lateRefusalOf(run)).toBe(
      `TypeError: Cannot train: expected augment[1] to return ${BATCH}, got undefined`,
    )
  })

  test('fit refuses an augmentation that returns another shape in a later batch', async () => {
    const augment: Augment = ({ xs, ys }, { batch }) => ({
      xs: batch < 2 ? xs : xs.map((one) => slice(one, 0, 1)),
      ys,
    })
    expect(await lateRefusalOf(() => trained(data, { ...options, augment }))).toBe(
      'TypeError: Cannot train: expected augment to return { xs: [float32 [4, 6]], ys: float32 [4] }, ' +
        'got { xs: [float32 [1, 6]], ys: float32 [4] }',
    )
  })

  test.each<[unknown, string]>([
    [shiftImages, 'shiftImages'],
    [mirrorImages, 'mirrorImages'],
  ])('fit says that a factory of augmentations was not called', async (factory, name) => {
    const before = memory().numTensors
    const run = fit(data, { ...options, augment: factory as Augment })
    expect(await lateRefusalOf(async () => run(contextOf(model)))).toBe(
      'TypeError: Cannot train: expected augment to be an augmentation, got a factory: ' +
        `${name} is a function that makes an augmentation: call it, ${name}()`,
    )
    expect(memory().numTensors).toBe(before)
  })

  test('fit passes the refusal of shiftImages on: rows are no images', async () => {
    const run = () => trained(data, { ...options, augment: shiftImages({ pixels: 1 }) })
    expect(await lateRefusalOf(run)).toBe(
      'TypeError: Cannot shift images: expected an input of shape [n, height, width, channels], got [8, 6]',
    )
  })

  test.each<[unknown, string]>([
    [3, 'TypeError: Cannot train: expected a function as augment, got 3'],
    [null, 'TypeError: Cannot train: expected a function as augment, got null'],
    [{}, 'TypeError: Cannot train: expected a function as augment, got object'],
    [[doubled, 'shift'], 'TypeError: Cannot train: expected a function as augment, got "shift"'],
  ])('fit refuses %j as augment at once', (augment, message) => {
    expect(refusalOf(() => fit(data, { ...options, augment: augment as Augment }))).toBe(message)
  })

  test('fit takes a seed for datasets and samplers only with an augmentation, and looks at it', () => {
    const rest = { optimizer, epochs: 1, seed: 1 }
    const batches = shuffledBatches({ sampleCount: 20 })
    expect(refusalOf(() => fit(dataset(), rest))).toMatch(/expected batchSize, seed and batches/)
    expect(refusalOf(() => fit(data, { ...rest, batches }))).toMatch(
      /expected batches or batchSize/,
    )
    expect(refusalOf(() => fit(dataset(), { ...rest, augment: doubled, batchSize: 2 }))).toMatch(
      /expected batchSize, seed and batches/,
    )
    expect(
      refusalOf(() => fit(data, { ...rest, augment: doubled, batches, batchSize: 2 })),
    ).toMatch(/expected batches or batchSize/)
    for (const seed of [0.5, Number.NaN])
      expect(refusalOf(() => fit(dataset(), { ...rest, augment: doubled, seed }))).toBe(
        `RangeError: Cannot train: expected a whole number as seed, got ${seed}`,
      )
  })
})
