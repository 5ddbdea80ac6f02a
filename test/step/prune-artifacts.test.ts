import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import { io, tensor, zeros } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { compressedHandler, saveCompressed } from 'tfjs-prune/files'
import { describe, expect, test } from 'vitest'
import {
  type Evaluation,
  globally,
  magnitude,
  nOfM,
  perLayer,
  pruneWeights,
  taylor,
  units,
} from '../../src/index.js'
import { collecting } from '../files/collecting.js'
import { floats, graphArtifacts, loadGraph, mixedGraph } from '../support/graph-models.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'

const KERNELS = ['conv', 'deep', 'up', 'line', 'left', 'right', 'table', 'few']

/** All weights of artifacts, decoded. */
function valuesOf({ weightData, weightSpecs }: io.ModelArtifacts): Record<string, unknown[]> {
  const tensors = io.decodeWeights(weightData!, weightSpecs!)
  const values = Object.entries(tensors).map(([name, one]) => [name, [...one.dataSync()]])
  for (const one of Object.values(tensors)) one.dispose()
  return Object.fromEntries(values)
}

const evaluation = (falseNegatives: number): Evaluation => ({
  ...{ falseNegativeRate: falseNegatives / 10, falsePositiveRate: 0, accuracy: 0.5 },
  ...{ auc: 0.5, loss: 1, positiveClass: 1 },
  confusion: {
    truePositives: 10 - falseNegatives,
    falseNegatives,
    falsePositives: 0,
    trueNegatives: 5,
  },
})

describe('pruneWeights of a graph', () => {
  test.each([
    ['perLayer()', perLayer()],
    ['globally()', globally()],
  ])(
    'pruneWeights keeps the largest values of each kernel, and all else, by %s',
    async (_, allocate) => {
      const source = await mixedGraph()
      const before = valuesOf(source)
      const { artifacts, mask, report } = await pruneWeights(source, { density: 0.25, allocate })
      expect(mask.weights.map(({ name }) => name)).toEqual(KERNELS)
      expect(Math.abs(mask.kept - mask.size / 4)).toBeLessThan(KERNELS.length)
      expect(report).toMatchObject({ kept: mask.kept, size: mask.size, density: mask.density })
      expect(report.misses).toMatch(/^not measured/)
      const after = valuesOf(artifacts)
      for (const [name, values] of Object.entries(before)) {
        const kept = mask.weights.find((weight) => weight.name === name)?.values
        expect(after[name], name).toEqual(values.map((value, i) => (kept?.[i] === 0 ? 0 : value)))
        if (!kept) continue
        const sizes = (values as number[]).map(Math.abs)
        const least = Math.min(...sizes.filter((_, i) => kept[i] === 1))
        expect(Math.max(...sizes.filter((_, i) => kept[i] === 0)), name).toBeLessThanOrEqual(least)
      }
      expect(valuesOf(source)).toEqual(before)
    },
  )

  test('pruneWeights gives artifacts that load, with zeros', async () => {
    const { artifacts } = await pruneWeights(await mixedGraph(), { density: 0.1 })
    const loaded = await loadGraphModel(io.fromMemory(artifacts))
    const kept = loaded.weights.left![0]!.dataSync().filter((value) => value !== 0).length
    expect(kept).toBe(Math.round(384 * 7 * 0.1))
    loaded.dispose()
  })

  test('pruneWeights keeps two of four inputs by nOfM, whichever axis they are on', async () => {
    const weights = { right: floats([4, 8], 1), left: floats([8, 4], 2) }
    const float = { T: { type: 'DT_FLOAT' } }
    const flags = { ...float, transpose_b: { b: true } }
    const source = await graphArtifacts(weights, [
      { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'a', op: 'MatMul', input: ['x', 'left'], attr: float },
      { name: 'b', op: 'MatMul', input: ['x', 'right'], attr: flags },
    ])
    const granularity = nOfM({ of: 4 })
    const { mask } = await pruneWeights(source, { density: 0.5, granularity })
    const [right, left] = mask.weights.map(({ values }) => values)
    for (let output = 0; output < 4; output++) {
      for (const cell of [0, 4]) {
        const inputs = [0, 1, 2, 3].map((i) => cell + i)
        const count = (places: number[], values: Uint8Array) =>
          places.filter((place) => values[place] === 1).length
        expect(
          count(
            inputs.map((i) => output * 8 + i),
            right!,
          ),
        ).toBe(2)
        expect(
          count(
            inputs.map((i) => i * 4 + output),
            left!,
          ),
        ).toBe(2)
      }
    }
  })

  test('pruneWeights goes on from a mask, and takes names', async () => {
    const source = await mixedGraph()
    const select = { include: ['left', 'conv'], exclude: 'conv' }
    const first = await pruneWeights(source, { density: 0.5, select })
    const previous = first.mask
    const second = await pruneWeights(first.artifacts, { density: 0.25, select, previous })
    expect(second.mask.weights.map(({ name }) => name)).toEqual(['left'])
    const revived = second.mask.weights[0]!.values.filter(
      (kept, i) => kept > previous.weights[0]!.values[i]!,
    )
    expect(revived).toHaveLength(0)
  })

  test('pruneWeights keeps the codes of a quantised weight that has one for zero', async () => {
    const few = (min: number) => ({
      shape: [2, 2],
      values: [0, 3, 130, 200],
      quantization: { dtype: 'uint8' as const, scale: 0.5, min },
    })
    const float = { T: { type: 'DT_FLOAT' } }
    const source = await graphArtifacts({ exact: few(-64), none: few(-64.1) }, [
      { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'a', op: 'MatMul', input: ['x', 'exact'], attr: float },
      { name: 'b', op: 'MatMul', input: ['x', 'none'], attr: float },
    ])
    const { artifacts } = await pruneWeights(source, { density: 0.5 })
    const [exact, none] = artifacts.weightSpecs!
    expect(exact!.quantization).toEqual(few(-64).quantization)
    expect(none!.quantization).toBeUndefined()
    const { exact: first, none: second } = valuesOf(artifacts)
    expect(first).toEqual([-64, -62.5, 0, 0])
    expect(second!.map((value) => (value as number) === 0)).toEqual([false, false, true, true])
  })

  test('pruneWeights tells the misses that evaluate counts, of a model of the same class', async () => {
    const model = await loadGraph(await mixedGraph())
    const seen: GraphModel[] = []
    const evaluate = (one: GraphModel) => {
      seen.push(one)
      const zeros = one.weights.left![0]!.dataSync().filter((value) => value === 0).length
      return evaluation(zeros > 0 ? 3 : 1)
    }
    const { report } = await pruneWeights(model, { density: 0.5, evaluate })
    expect(report.misses).toBe('3 of 10 positives are missed, 1 before')
    expect(report.evaluations?.after.confusion.falseNegatives).toBe(3)
    expect(seen[0]).toBe(model)
    expect(seen[1]).toBeInstanceOf(model.constructor)
    expect(seen[1]!.weights.left![0]!.isDisposed).toBe(true)
    model.dispose()
  })

  test('pruneWeights leaves no tensors behind', async () => {
    const source = await mixedGraph()
    await expect(() => pruneWeights(source, { density: 0.5 })).toLeaveNoTensors()
    const refused = async () => {
      await pruneWeights(source, { density: 0.5, granularity: nOfM({ of: 3 }) }).catch(() => {})
    }
    await expect(refused).toLeaveNoTensors()
  })

  test.each([
    ['units', { granularity: units() }, /expected elements\(\) or nOfM/],
    ['statistics', { criterion: taylor() }, /expected a criterion of weights alone/],
    ['spareEnds', { spareEnds: true }, /got spareEnds/],
    ['biases', { select: { biases: true } }, /got biases/],
    ['a constant by name', { select: { include: 'gain' } }, /left whole: nothing multiplies/],
    ['an unknown name', { select: { include: 'none' } }, /expected include to name one of conv/],
    ['no density', {}, /expected a number as density/],
  ])('pruneWeights refuses %s before anything is pruned', async (_, options, message) => {
    const source = await mixedGraph()
    const all = { ...(message.source.includes('density') ? {} : { density: 0.5 }), ...options }
    const refusal = await lateRefusalOf(() => pruneWeights(source, all as { density: number }))
    expect(refusal).toMatch(message)
  })
})

test('pruneWeights prunes the kernels of the artifacts of layers, and stock tfjs loads them', async () => {
  const model = fillWeights(
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 6, inputShape: [5] }),
        layers.batchNormalization({ name: 'norm' }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    }),
  )
  const handler = collecting()
  await model.save(handler)
  const ofModel = await pruneWeights(handler, { density: 0.5, criterion: magnitude() })
  const loaded = await loadLayersModel(io.fromMemory(ofModel.artifacts))
  const mask = await pruneWeights(model, { density: 0.5 })
  expect(ofModel.mask.weights.map(({ name, values }) => ({ name, values }))).toEqual(
    mask.weights.map(({ name, values }) => ({ name, values })),
  )
  const bits = (one: typeof model) => one.getWeights().map((weight) => [...weight.dataSync()])
  expect(bits(loaded as typeof model)).toEqual(bits(model))
})

test('pruneWeights names the kernels that are 0 throughout, and leaves them out', async () => {
  const float = { T: { type: 'DT_FLOAT' } }
  const dead = { shape: [3, 3], values: Array(9).fill(0) }
  const source = await graphArtifacts({ live: floats([3, 4], 1), dead }, [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
    { name: 'a', op: 'MatMul', input: ['x', 'dead'], attr: float },
    { name: 'b', op: 'MatMul', input: ['a', 'live'], attr: float },
  ])
  const { mask, report } = await pruneWeights(source, { density: 0.5 })
  expect(report.zero).toEqual(['dead'])
  expect(mask.weights.map(({ name, kept }) => [name, kept])).toEqual([['live', 6]])
  const refusal = await lateRefusalOf(() =>
    pruneWeights(source, { density: 0.5, select: { include: 'dead' } }),
  )
  expect(refusal).toMatch(/got dead, left whole: all of it is 0/)
})

describe('pruneWeights of the artifacts of wrapped layers', () => {
  // The default one needs the chained operations of tfjs.
  const recurrentInitializer = 'glorotUniform'
  const lstm = () => layers.lstm({ units: 3, recurrentInitializer, returnSequences: true })
  const wrapped = () =>
    sequential({
      layers: [
        layers.bidirectional({
          name: 'both',
          layer: lstm() as never,
          mergeMode: 'concat',
          inputShape: [4, 2],
        }),
        layers.timeDistributed({ name: 'timed', layer: layers.dense({ units: 3 }) }),
        layers.rnn({
          name: 'loop',
          cell: layers.simpleRNNCell({ units: 2, recurrentInitializer }),
        }),
      ],
    })

  test('pruneWeights prunes the kernels in wrappers, and names the layers of unknown classes', async () => {
    const handler = collecting()
    await wrapped().save(handler)
    const { mask, report } = await pruneWeights(handler, { density: 0.5 })
    expect(mask.weights.map(({ layer, role }) => `${layer.split('_')[0]} ${role}`)).toEqual([
      'both/forward kernel',
      'both/forward recurrent_kernel',
      'both/backward kernel',
      'both/backward recurrent_kernel',
      'timed kernel',
    ])
    const reason =
      'the layer class RNN is not known; registerLayerKind can say what its weights are'
    expect(report.skipped).toEqual([{ layer: 'loop', className: 'RNN', reason }])
    const include = 'loop/kernel'
    const refusal = await lateRefusalOf(() =>
      pruneWeights(handler, { density: 0.5, select: { include } }),
    )
    expect(refusal).toContain(`got ${include}, left whole: ${reason}`)
  })

  test('saveCompressed takes the axis of the layer in a wrapper', async () => {
    const deep = layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 1 })
    const one = layers.timeDistributed({ layer: deep, inputShape: [2, 3, 3, 5] })
    const handler = collecting()
    const model = sequential({ layers: [one] })
    // One large channel: a scale for all of them would round the others to 0.
    const values = Float32Array.from({ length: 20 }, (_, i) => (i % 5 === 0 ? 1000 : 0.5))
    model.setWeights([tensor(values, [2, 2, 5, 1]), zeros([5])])
    await model.save(handler)
    const stored: Uint8Array[] = []
    const source = (await handler.load!()) as io.ModelArtifacts
    await saveCompressed(source, (bytes) => void stored.push(bytes), { type: 'int8' })
    const { weightData, weightSpecs } = await (await compressedHandler(stored[0]!)).load!()
    const [kernel] = Object.values(valuesOf({ weightData, weightSpecs } as io.ModelArtifacts))
    expect(Math.abs((kernel![1] as number) - 0.5)).toBeLessThan(0.01)
  })
})
