import { randomNormal, type Tensor, tidy } from '@tensorflow/tfjs-core'
import {
  input,
  type layers as Layers,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { outputOf } from '../../src/layer-kinds/output-of.js'
import { fillWeights } from '../support/weights.js'

type Layer = Layers.Layer
type Pick = <T>(...all: readonly T[]) => T
type Make = (pick: Pick, shape: readonly number[]) => Layer

const activations = [
  ...(['softmax', 'softmax', 'sigmoid', 'linear', 'relu', 'tanh', 'softplus', 'elu'] as const),
]
const dataFormats = ['channelsLast', 'channelsFirst'] as const

/** Layers for inputs of each rank, the axis of the samples left out. */
const anywhere: readonly Make[] = [
  (pick) => layers.activation({ activation: pick(...activations) }),
  () => layers.softmax({ axis: -1 }),
  (pick) => layers.reLU({ maxValue: pick(0.3, 1, 6) }),
  (pick) => layers.thresholdedReLU({ theta: pick(0, 0.2) }),
  () => layers.dropout({ rate: 0.5 }),
  (_, shape) => layers.reshape({ targetShape: [...shape].reverse() }),
  (pick) => layers.dense({ units: pick(1, 2), activation: pick(...activations) }),
  () => layers.flatten(),
]
const byRank: Readonly<Record<number, readonly Make[]>> = {
  1: [
    (pick) => layers.repeatVector({ n: pick(1, 2, 3) }),
    () => layers.batchNormalization(),
    (_, shape) => layers.reshape({ targetShape: [...shape, 1] }),
  ],
  2: [
    (pick) => layers.permute({ dims: pick([2, 1], [1, 2]) }),
    () => layers.globalAveragePooling1d({}),
    () => layers.globalMaxPooling1d({}),
    () => layers.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' }),
    (pick) =>
      layers.timeDistributed({
        layer: layers.dense({ units: pick(1, 2), activation: pick(...activations) }),
      }),
    (pick) => layers.lstm({ units: pick(1, 2), activation: pick(...activations) }),
    (pick) =>
      layers.bidirectional({
        layer: layers.simpleRNN({ units: pick(1, 2), activation: pick(...activations) }),
        mergeMode: pick('concat', 'ave', 'sum', 'mul'),
      }),
    (_, shape) => layers.reshape({ targetShape: [1, ...shape] }),
  ],
  3: [
    (pick) => layers.permute({ dims: pick([3, 1, 2], [2, 1, 3], [1, 3, 2]) }),
    (pick) => layers.globalAveragePooling2d({ dataFormat: pick(...dataFormats) }),
    (pick) => layers.globalMaxPooling2d({ dataFormat: pick(...dataFormats) }),
    (pick) =>
      layers.averagePooling2d({
        poolSize: pick(1, 2),
        strides: 1,
        padding: 'same',
        dataFormat: pick(...dataFormats),
      }),
    (pick) => layers.upSampling2d({ size: [1, 2], dataFormat: pick(...dataFormats) }),
    (pick) =>
      layers.conv2d({ filters: pick(1, 2), kernelSize: 1, activation: pick(...activations) }),
  ],
}
const merges = ['average', 'add', 'multiply', 'maximum', 'minimum', 'concatenate'] as const

const of = (tensor: SymbolicTensor) => tensor.shape.slice(1).map(Number)

/** A model of random stock layers, with branches, whose output has one axis. */
function randomModel(seed: number) {
  const { uniform } = randomStream(seed)
  const pick: Pick = (...all) => all[Math.floor(uniform() * all.length)]!
  const inputs = input({ shape: pick<number[]>([2], [2, 2], [2, 2, 2], [1, 2, 2], [2, 1, 2]) })
  const step = (x: SymbolicTensor) => {
    const moving = byRank[of(x).length] ?? []
    const make = pick(...anywhere, ...moving, ...moving, ...moving)
    const wrapped = make(pick, of(x))
    if (uniform() > 0.2) return wrapped.apply(x) as SymbolicTensor
    const inner = input({ shape: of(x) })
    const nested = model({ inputs: inner, outputs: wrapped.apply(inner) as SymbolicTensor })
    return nested.apply(x) as SymbolicTensor
  }
  const [first, last] = [pick('softmax', pick(...activations)), pick('mean', 'flat')]
  let x = layers.activation({ activation: first }).apply(inputs) as SymbolicTensor
  for (let left = 1 + Math.floor(uniform() * 2); left > 0; left--) {
    const [a, b] = [step(x), step(x)]
    const isSame = of(a).join() === of(b).join()
    x = isSame && uniform() < 0.4 ? (layers[pick(...merges)]().apply([a, b]) as SymbolicTensor) : a
  }
  if (of(x).length > 1 && last === 'mean')
    x = byRank[of(x).length]![1]!(pick, of(x)).apply(x) as SymbolicTensor
  if (of(x).length > 1) x = layers.flatten().apply(x) as SymbolicTensor
  return fillWeights(model({ inputs, outputs: x }), seed)
}

/** The outputs of eight samples, row by row. */
function rowsOf(of: ReturnType<typeof randomModel>, seed: number): number[][] {
  return tidy(() => {
    const shape = of.inputs[0]!.shape.slice(1).map(Number)
    const xs = randomNormal([8, ...shape], 0, 2, 'float32', seed)
    return (of.predict(xs) as Tensor).arraySync() as number[][]
  })
}

test.each(Array.from({ length: 16 }, (_, i) => i))(
  'outputOf says of random models what their numbers show, lot %i',
  (lot) => {
    for (let seed = 100 * lot; seed < 100 * lot + 50; seed++) {
      let trial: ReturnType<typeof randomModel>
      try {
        trial = randomModel(seed)
      } catch {
        continue
      }
      const rows = rowsOf(trial, seed)
      if (!rows.flat().every(Number.isFinite)) continue
      let output: string | undefined
      try {
        output = outputOf(trial, { task: 'look' })
      } catch {}
      const where = `seed ${seed}: ${trial.layers.map(({ name }) => name).join(' ')}`
      const areShares = rows.every((row) => row.every((p) => p >= 0 && p <= 1 + 1e-5))
      const sums = rows.map((row) => row.reduce((sum, p) => sum + p, 0))
      const isChoice = areShares && sums.every((sum) => Math.abs(sum - 1) < 1e-4)
      if (output === 'probabilities')
        expect(rows[0]!.length === 1 ? areShares : isChoice, where).toBe(true)
      if (output === 'logits' && rows[0]!.length > 1) expect(isChoice, where).toBe(false)
      trial.dispose()
    }
  },
)
