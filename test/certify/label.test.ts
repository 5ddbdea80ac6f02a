import { io, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, loadLayersModel } from '@tensorflow/tfjs-layers'
import { denseMask, evaluateOn, prune, type Round } from 'tfjs-prune'
import {
  type Certificate,
  certify,
  decisionThreshold,
  formatCertificate,
  parseCertificate,
  setDecisionThreshold,
} from 'tfjs-prune/certify'
import { beforeAll, describe, expect, test } from 'vitest'
import { chain, identity } from '../support/endings.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'

const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.3,
  confidence: 0.95,
}
/** Logits of three labels; label 2 is wrong in each fiftieth sample. */
const samples = Array.from({ length: 200 }, (_, i) => {
  const labels = [i % 2, Number(i % 3 === 0), Number(i % 4 < 2)]
  const sign = (label: number) => (label ? 1 : -1)
  const row = labels.map((label, l) => sign(label) * (1 + ((7 * i + l) % 11)))
  return { labels, row: i % 50 === 0 ? [row[0]!, row[1]!, -row[2]!] : row }
})
const calibration = () => ({
  xs: tensor2d(samples.map(({ row }) => row)),
  ys: tensor2d(samples.map(({ labels }) => labels)),
})
const column = (label: number) => ({
  xs: tensor2d(samples.map(({ row }) => [row[label]!])),
  ys: samples.map(({ labels }) => labels[label]!),
})
const denseRound = async (
  model: LayersModel,
  data: ReturnType<typeof calibration>,
  label?: number,
) => {
  const evaluate = evaluateOn(data, { positiveClass: 1, ...(label !== undefined && { label }) })
  const { rounds } = await prune(model, {
    train: async () => {},
    evaluate,
    schedule: [1],
    previous: denseMask(model),
  })
  return rounds
}

test('setDecisionThreshold asks for the label of a head of several sigmoids', () => {
  const several = chain(3, identity('sigmoid', 3))
  expect(refusalOf(() => setDecisionThreshold(several, { threshold: 0, positiveClass: 1 }))).toBe(
    'RangeError: Cannot set the decision threshold: expected label, one of 3 sigmoids, got none',
  )
  several.dispose()
})

describe('a certificate of one label', () => {
  let model: LayersModel
  let rounds: readonly Round[]
  let certificate: Certificate
  beforeAll(async () => {
    model = chain(3, identity('sigmoid', 3))
    rounds = await denseRound(model, calibration(), 2)
    certificate = await certify(rounds, { ...risks, model, calibration: calibration(), label: 2 })
  })

  test('certify of a label is the certificate of a model with this output alone', async () => {
    const alone = chain(1, identity('sigmoid', 1))
    const one = await denseRound(alone, { ...column(2), ys: tensor2d(column(2).ys, [200, 1]) })
    const wanted = await certify(one, { ...risks, model: alone, calibration: column(2) })
    const anonymous = (one: Certificate) =>
      JSON.parse(JSON.stringify(one), (key, value) => (key === 'fingerprint' ? undefined : value))
    expect(anonymous(certificate)).toEqual({ ...anonymous(wanted), label: 2 })
    expect([wanted.positives, wanted.negatives]).toEqual([100, 100])
    expect(wanted.accepted).not.toBeNull()
    // By hand: the rank of the threshold among the scores of the samples with the label.
    const scores = samples.filter(({ labels }) => labels[2]).map(({ row }) => row[2]!)
    const threshold = scores.sort((a, b) => a - b)[wanted.mostFalseNegatives]!
    expect(certificate.accepted!.threshold).toBeCloseTo(threshold, 3)
  })

  test('JSON and text keep the label, and what is none is refused', () => {
    const json = JSON.stringify(certificate)
    expect(parseCertificate(json)).toEqual(certificate)
    expect(formatCertificate(certificate)).toContain('false-negative rate of class 1 of label 2 >')
    for (const [label, message] of [
      ['"2"', /^TypeError: .*label to be a whole number/],
      ['-1', /^RangeError: .*label to be a whole number of at least 0, got -1/],
      ['null', /^TypeError: .*label to be a whole number/],
    ] as const)
      expect(
        refusalOf(() => parseCertificate(json.replace('"label":2', `"label":${label}`))),
      ).toMatch(message)
    expect(
      refusalOf(() => parseCertificate(json.replace('"positiveClass":1', '"positiveClass":2'))),
    ).toContain('expected 0 or 1 as positiveClass of a label, got 2')
  })

  test('the threshold of a label goes with the model', async () => {
    const { threshold } = certificate.accepted!
    const decision = { threshold, positiveClass: 1, label: 2, certificate }
    setDecisionThreshold(model, decision)
    expect(decisionThreshold(model)).toEqual(decision)
    const saved: io.ModelArtifacts[] = []
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved.push(artifacts)
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(saved[0]!))
    expect(decisionThreshold(loaded)).toEqual(decision)
    const { label: _, ...unlabelled } = decision
    const attempts: [object, string][] = [
      [{ ...decision, label: 1 }, 'expected the certified 2 as label, got 1'],
      [unlabelled, 'expected the certified 2 as label, got none'],
      [
        { threshold, positiveClass: 1, label: 3 },
        'label to be below the 3 outputs of the model, got 3',
      ],
      [
        { threshold, positiveClass: 2, label: 1 },
        'expected 0 or 1 as positiveClass of a label, got 2',
      ],
    ]
    for (const [wrong, message] of attempts)
      expect(refusalOf(() => setDecisionThreshold(model, wrong as typeof decision))).toContain(
        message,
      )
    expect(decisionThreshold(model)).toEqual(decision)
  })

  test('certify refuses labels that cannot be', async () => {
    const attempt = (more: object) =>
      lateRefusalOf(() => certify(rounds, { ...risks, model, calibration: calibration(), ...more }))
    expect(await attempt({})).toContain('Cannot certify: expected rows with one class as labels')
    expect(await attempt({ label: 3 })).toContain(
      'label to be below the 3 columns of the labels, got 3',
    )
    expect(await attempt({ label: 1, positiveClass: 2 })).toContain('0 or 1 as positiveClass')
    const softmax = chain(
      3,
      layers.dense({ units: 3, activation: 'softmax', name: 'dense_softmax' }),
    )
    expect(
      await lateRefusalOf(async () =>
        evaluateOn(calibration(), { positiveClass: 1, label: 2 })(softmax),
      ),
    ).toContain('a softmax')
  })
})
