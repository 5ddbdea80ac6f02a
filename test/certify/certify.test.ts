import {
  fill,
  io,
  memory,
  slice,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import {
  model as functional,
  input,
  type LayersModel,
  layers,
  loadLayersModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  applyTrained,
  computeMask,
  type Evaluation,
  evaluateOn,
  prune,
  type Round,
  reEstimateBatchNorm,
  wanda,
} from 'tfjs-prune'
import {
  certify,
  decisionThreshold,
  likeliestThreshold,
  parseCertificate,
  setDecisionThreshold,
} from 'tfjs-prune/certify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { whileBusy } from '../../src/internal/busy-models.js'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'

let data: Samples
let calibration: Samples
let model: LayersModel
let rounds: readonly Round[]
const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.3,
  confidence: 0.95,
}
beforeAll(async () => {
  data = imbalancedSamples(60)
  model = smallNetwork()
  rounds = (
    await prune(model, quickRun(data, { schedule: [1, 0.5, 0.25], training: { epochs: 10 } }))
  ).rounds
})
afterAll(() => {
  for (const one of [data.xs, model]) one.dispose()
})
// A certificate uses samples up.
beforeEach(() => {
  calibration = imbalancedSamples(300, 2) // 60 positives
})
afterEach(() => calibration.xs.dispose())

describe('certify', () => {
  it('certify accepts a round whose promise the samples support, and leaves the model as it was', async () => {
    const before = [weightBits(model), memory().numTensors]
    const certificate = await certify(rounds, { ...risks, model, calibration })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    expect(certificate.accepted).not.toBeNull()
    expect(certificate).toMatchObject({
      positives: 60,
      negatives: 240,
      levels: 3,
      maximumFalseNegativeRate: 0.1,
      maximumFalsePositiveRate: 0.3,
      confidence: 0.95,
    })
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
  })

  it('certify accepts none when the first round gives too many false alarms', async () => {
    const noise = {
      xs: tensor2d(Array.from({ length: 300 }, (_, i) => Array(6).fill(Math.sin(i)))),
      ys: calibration.ys,
    }
    const certificate = await certify(rounds, { ...risks, model, calibration: noise })
    expect(certificate.accepted).toBeNull()
    expect(certificate.tested).toHaveLength(1)
    noise.xs.dispose()
  })

  it('certify refuses samples that were trained on, and indices that overlap', async () => {
    expect(
      await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration: data })),
    ).toMatch(/^RangeError/)
    const clone = { xs: data.xs.clone(), ys: Int32Array.from(data.ys) }
    expect(
      await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration: clone })),
    ).toMatch(/^RangeError/)
    clone.xs.dispose()
    const indices = Int32Array.from({ length: 300 }, (_, i) => i)
    const overlap = {
      ...risks,
      model,
      calibration: { ...calibration, indices },
      trainedOn: [1000, 299],
    }
    expect(await lateRefusalOf(() => certify(rounds, overlap))).toMatch(/^RangeError.*299/)
    const apart = { ...overlap, trainedOn: [1000, 1001] }
    expect((await certify(rounds, apart)).accepted).not.toBeNull()
  })

  it('certify refuses samples that a criterion or the statistics of a batch norm came from', async () => {
    const make = () => ({
      xs: calibration.xs.arraySync() as number[][],
      ys: Int32Array.from(calibration.ys),
    })
    const criterion = make()
    await computeMask(model, { density: 0.5, criterion: wanda(), samples: criterion })
    const statistics = { ...make(), xs: tensor2d(make().xs) }
    const normed = sequential({
      layers: [layers.batchNormalization({ inputShape: [6] }), layers.dense({ units: 2 })],
    })
    await reEstimateBatchNorm(normed, statistics)
    for (const seen of [criterion, statistics])
      expect(
        await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration: seen })),
      ).toMatch(
        /that nothing has seen, got some that fit\(\), evaluateOn\(\), auditHarm\(\), a criterion or /,
      )
    statistics.xs.dispose()
    normed.dispose()
  })

  it('certify refuses a model that is being trained, whose weights it would change', async () => {
    const own = smallNetwork()
    let refusal: Promise<string> | undefined
    const certifyOnce = () => {
      refusal ??= lateRefusalOf(() => certify(rounds, { ...risks, model: own, calibration }))
    }
    const run = prune(own, { ...quickRun(data, { schedule: [1, 0.5] }), onProgress: certifyOnce })
    expect((await run).rounds).toHaveLength(2)
    expect(await refusal).toBe(
      `Error: Cannot certify: expected the model ${own.name} to be free, got one that another run is at work on`,
    )
    own.dispose()
  })

  it('certify does not try the samples on weights that a run has put in for a while', async () => {
    const own = smallNetwork()
    const work = async () => {
      const spoilt = () => own.weights.map(({ shape }) => fill(shape as number[], Number.NaN))
      tidy(() => own.setWeights(spoilt()))
      return lateRefusalOf(() => certify(rounds, { ...risks, model: own, calibration }))
    }
    expect(await whileBusy(own, work)).toMatch(/^Error: Cannot certify: expected the model/)
    own.dispose()
  })

  it('certify names the number of positives that a promise takes', async () => {
    const before = weightBits(model)
    expect(
      await lateRefusalOf(() =>
        certify(rounds, { ...risks, maximumFalseNegativeRate: 0.01, model, calibration }),
      ),
    ).toMatch(
      /^RangeError: Cannot certify: expected at least 408 calibration samples of the positive class 1.*got 60$/,
    )
    expect(weightBits(model)).toEqual(before)
  })

  it.each(['maximumFalseNegativeRate', 'maximumFalsePositiveRate', 'confidence'])(
    'certify rejects %s outside of (0, 1)',
    async (name) => {
      for (const value of [0, 1, Number.NaN]) {
        const options = { ...risks, [name]: value, model, calibration }
        expect(await lateRefusalOf(() => certify(rounds, options))).toMatch(
          /^RangeError: Cannot certify/,
        )
      }
    },
  )

  it('certify gives the model its weights back when the samples do not fit it', async () => {
    const before = [weightBits(model), memory().numTensors]
    const wrong = { xs: tensor2d(new Float32Array(300 * 5), [300, 5]), ys: calibration.ys }
    expect(
      await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration: wrong })),
    ).toMatch(/^TypeError/)
    wrong.xs.dispose()
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })
})

describe('certify by a fixed sequence', () => {
  const method = 'fixed-sequence' as const
  let tuning: Samples
  beforeEach(() => {
    tuning = imbalancedSamples(100, 3)
  })
  afterEach(() => tuning.xs.dispose())
  const certified = (more: object) =>
    certify(rounds, { ...risks, method, model, calibration, ...more })
  const refused = (more: object) => lateRefusalOf(() => certified(more))

  it('certify takes thresholds from tuning samples, and leaves the model as it was', async () => {
    const before = [weightBits(model), memory().numTensors]
    const certificate = await certified({ tuning })
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    expect(certificate).toMatchObject({ method, levels: 3, mostFalseNegatives: 1 })
    expect(parseCertificate(JSON.stringify(certificate))).toEqual(certificate)
    const { accepted } = certificate
    applyTrained(model, rounds.find(({ round }) => round === accepted!.round)!)
    const { scores, labels } = await evaluateOn(tuning, { positiveClass: 1 })(model)
    const { positiveClass, ...promise } = risks
    const counts = { positiveClass, positives: 60, negatives: 240 }
    const wanted = likeliestThreshold(labels!, scores!, { ...promise, ...counts })
    expect(accepted!.threshold).toBe(wanted.threshold)
    applyTrained(model, rounds.at(-1)!)
  })

  it('certify takes the evaluations of the rounds where no tuning samples are given', async () => {
    const { tested } = await certified({})
    for (const { round, threshold } of tested) {
      const { labels, scores } = rounds[round]!.evaluation
      const counts = { positives: 60, negatives: 240 }
      expect(threshold).toBe(
        likeliestThreshold(labels!, scores!, { ...risks, ...counts }).threshold,
      )
    }
  })

  it('certify refuses tuning samples that are calibration samples', async () => {
    const message = /^RangeError: .*tuning samples apart from the calibration samples/
    expect(await refused({ tuning: calibration })).toMatch(message)
    expect(await refused({ tuning: { ...tuning, xs: calibration.xs } })).toMatch(message)
    const indexed = (samples: Samples, first: number) => ({
      ...samples,
      indices: Int32Array.from(samples.ys, (_, i) => first + i),
    })
    const places = { tuning: indexed(tuning, 290), calibration: indexed(calibration, 0) }
    expect(await refused({ ...places, trainedOn: [1000] })).toMatch(
      /^RangeError: .*got 10 of 300 among tuning.indices, the first of them 290$/,
    )
    expect(await refused({ tuning: places.tuning })).toMatch(
      /^TypeError: .*expected calibration.indices as well, got tuning.indices only$/,
    )
  })

  it('certify refuses copies of the calibration samples as tuning samples, by their scores', async () => {
    const copy = { xs: calibration.xs.clone(), ys: Int32Array.from(calibration.ys) }
    const rows = { ...copy, xs: tensor2d(copy.xs.arraySync() as number[][]) }
    const message = /^RangeError: .+ tuning and calibration samples that are apart, got the same/
    expect(await refused({ tuning: rows })).toMatch(message)
    const evaluation = await evaluateOn(rows, { positiveClass: 1 })(model)
    const others = imbalancedSamples(300, 2)
    applyTrained(model, rounds[0]!)
    const dense = { ...evaluation, ...(await evaluateOn(rows, { positiveClass: 1 })(model)) }
    applyTrained(model, rounds.at(-1)!)
    const measured = rounds.map((round) => ({ ...round, evaluation: dense }))
    const own = { ...risks, method, model, calibration: others }
    expect(await lateRefusalOf(() => certify(measured, own))).toMatch(message)
    for (const { xs } of [copy, rows, others]) xs.dispose()
  })

  it.each<[unknown, string]>([
    [5, 'TypeError: Cannot certify: expected a list of indices as trainedOn, got 5'],
    [
      { train: [1] },
      'TypeError: Cannot certify: expected a list of indices as trainedOn, got object',
    ],
    ['1,2', 'TypeError: Cannot certify: expected a list of indices as trainedOn, got "1,2"'],
    [[[1, 2]], 'expected trainedOn[0] to be a whole number of at least 0, got a list'],
    [['1'], 'expected trainedOn[0] to be a whole number of at least 0, got "1"'],
    [[0.5], 'expected trainedOn[0] to be a whole number of at least 0, got 0.5'],
  ])(
    'certify refuses places of training that are no list of indices: %j',
    async (trainedOn, message) => {
      const indices = Int32Array.from(calibration.ys, (_, i) => i)
      const given = { calibration: { ...calibration, indices }, trainedOn }
      expect(await refused(given as object)).toContain(message)
      if (typeof trainedOn !== 'object' || !Array.isArray(trainedOn)) return
      const places = Int32Array.from(tuning.ys, (_, i) => 1000 + i)
      const odd = { ...tuning, indices: [...trainedOn, ...places.slice(1)] }
      expect(await refused({ ...given, trainedOn: [900], tuning: odd })).toContain(
        message.replace('trainedOn', 'tuning.indices'),
      )
    },
  )

  it('certify refuses tuning indices that are not one for each sample, of a dataset too', async () => {
    const indices = Int32Array.from(calibration.ys, (_, i) => i)
    const given = { calibration: { ...calibration, indices }, trainedOn: [1000] }
    const message = /^TypeError: .+ an index for each of 100 tuning samples, got 1$/
    expect(await refused({ ...given, tuning: { ...tuning, indices: [900] } })).toMatch(message)
    const { xs, ys } = tuning
    const dataset = {
      indices: [900],
      iterator: async () => {
        const batches = [{ xs: xs.clone(), ys: tensor1d(Array.from(ys), 'int32') }]
        return {
          next: async () => {
            const value = batches.pop()
            return value ? { done: false as const, value } : { done: true as const, value }
          },
        }
      },
    }
    const before = [weightBits(model), memory().numTensors]
    expect(await refused({ ...given, tuning: dataset })).toMatch(message)
    expect([weightBits(model), memory().numTensors]).toEqual(before)
    expect((await certified({ ...given, tuning })).accepted).not.toBeNull()
  })

  it('certify obeys a signal in the first reading of a dataset', async () => {
    const stop = new AbortController()
    const tensors = memory().numTensors
    let read = 0
    async function* batches() {
      for (let start = 0; start < 300; start += 50) {
        if (++read === 2) stop.abort(new RangeError('stop'))
        const ys = tensor1d(calibration.ys.slice(start, start + 50))
        yield { xs: slice(calibration.xs, [start, 0], [50, 6]), ys }
      }
    }
    const dataset = { iterator: async () => batches() }
    const work = certify(rounds, { ...risks, model, calibration: dataset, signal: stop.signal })
    await expect(work).rejects.toThrow('stop')
    expect(read).toBe(2)
    expect(memory().numTensors).toBe(tensors)
  })

  it('certify leaves the samples unused where a signal stopped it before they were scored', async () => {
    const signal = AbortSignal.abort(new RangeError('stop'))
    await expect(certified({ tuning, signal })).rejects.toThrow('stop')
    await expect(certified({ method: 'bonferroni', signal })).rejects.toThrow('stop')
    const untrained = [{ ...rounds[0]!, trained: undefined }] as unknown as readonly Round[]
    const given = { ...risks, method, model, calibration, tuning }
    expect(await lateRefusalOf(() => certify(untrained, given))).toMatch(/^TypeError/)
    expect((await certified({ tuning })).voidedBy).toEqual(
      expect.not.arrayContaining([expect.stringContaining('an earlier certificate')]),
    )
  })

  it('certify refuses tuning samples without a fixed sequence, and evaluations of another class', async () => {
    expect(await refused({ tuning, method: 'bonferroni' })).toBe(
      "TypeError: Cannot certify: expected method: 'fixed-sequence' with tuning, got bonferroni",
    )
    expect(await refused({ tuning, method: 'pareto' })).toMatch(/^RangeError: .*expected method/)
    expect(await refused({ positiveClass: 0 })).toMatch(
      /^RangeError: .*an evaluation of round 0 with positiveClass 0, got 1$/,
    )
    const bare = rounds.map((round) => ({ ...round, evaluation: {} as Evaluation }))
    expect(
      await lateRefusalOf(() => certify(bare, { ...risks, method, model, calibration })),
    ).toMatch(/^TypeError: .*scores and labels in the evaluation of round 0, got neither$/)
  })

  it('certify refuses samples of an earlier certificate, unless told, and then says so', async () => {
    await certified({ tuning })
    expect(await refused({ tuning })).toMatch(
      /^RangeError: .*calibration samples that no certificate was made with, got used ones/,
    )
    const again = await certified({ tuning, reusesCalibration: true })
    expect(again.voidedBy.at(-1)).toContain('an earlier certificate')
    expect(parseCertificate(JSON.stringify(again))).toEqual(again)
  })
})

describe('setDecisionThreshold', () => {
  it('setDecisionThreshold keeps the threshold and the certificate through save and load, beside other metadata', async () => {
    const own = smallNetwork()
    own.setUserDefinedMetadata({ author: 'somebody' })
    const certificate = await certify(rounds, { ...risks, model, calibration })
    const { round, threshold } = certificate.accepted!
    applyTrained(own, rounds.find((one) => one.round === round)!)
    expect(decisionThreshold(own)).toBeUndefined()
    setDecisionThreshold(own, { threshold, positiveClass: 1, certificate })
    let saved: io.ModelArtifacts | undefined
    await own.save(
      io.withSaveHandler(async (artifacts) => {
        saved = JSON.parse(JSON.stringify(artifacts))
        saved!.weightData = artifacts.weightData as ArrayBuffer
        return {
          modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
        }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(saved!))
    expect(decisionThreshold(loaded)).toEqual({ threshold, positiveClass: 1, certificate })
    expect(loaded.getUserDefinedMetadata()).toMatchObject({ author: 'somebody' })
    expect((loaded.predict(data.xs) as Tensor).shape).toEqual([60, 2])
    for (const one of [own, loaded]) one.dispose()
  })

  it('setDecisionThreshold refuses a model with several outputs: which one has the score is not said', () => {
    const first = input({ shape: [6] })
    const outputs = [2, 9].map((units) => layers.dense({ units }).apply(first) as SymbolicTensor)
    const several = functional({ inputs: first, outputs })
    expect(refusalOf(() => setDecisionThreshold(several, { threshold: 0, positiveClass: 1 }))).toBe(
      'TypeError: Cannot set the decision threshold: expected a model with one output, got 2',
    )
    expect(decisionThreshold(several)).toBeUndefined()
    several.dispose()
  })

  it('setDecisionThreshold rejects what is no threshold', () => {
    const wrong = (threshold: number) => () =>
      setDecisionThreshold(model, { threshold, positiveClass: 1 })
    expect(wrong(Number.NaN)).toThrow(RangeError)
    expect(wrong('3' as unknown as number)).toThrow(TypeError)
    expect(decisionThreshold(model)).toBeUndefined()
  })
})
