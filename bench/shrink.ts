// Models made smaller by shrink, against the same models with the same weights at 0: size, work,
// seconds in turns.
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, type Mask, units, wholeUnits } from 'tfjs-prune'
import { shrink } from 'tfjs-prune/shrink'
import { startWasm } from '../examples/support/backend.js'
import { loadMobileNetV2, loadNsfw } from '../test/real-models/nsfw.js'
import { everyFilter } from './support/every-filter.js'
import { mediansInTurns, report } from './support/measure.js'
import { referenceCnn } from './support/networks.js'

interface Subject {
  readonly network: string
  readonly pruned: string
  readonly model: LayersModel
  readonly mask: Mask
  readonly batch: number
  readonly turns: number
}

/** Bytes of the weights in a saved model. */
async function bytesOf(model: LayersModel): Promise<number> {
  let bytes = 0
  await model.save(
    tf.io.withSaveHandler(async ({ weightData }) => {
      for (const data of [weightData!].flat()) bytes += data.byteLength
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    }),
  )
  return bytes
}

function outputsOf(model: LayersModel, xs: tf.Tensor): Float32Array {
  return tf.tidy(() => (model.predict(xs) as tf.Tensor).dataSync() as Float32Array)
}

async function measure({ model, mask, batch, turns, ...names }: Subject): Promise<void> {
  const { model: small, parameters, multiplyAdds } = await shrink(model, { mask })
  applyMask(model, mask)
  const sides = model.inputs[0]!.shape.slice(1) as number[]
  const xs = tf.randomUniform([batch, ...sides], 0, 1, 'float32', 1)
  const [wanted, got] = [outputsOf(model, xs), outputsOf(small, xs)]
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const difference =
    wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0) / largest
  const [before, after] = await mediansInTurns(turns, [
    () => outputsOf(model, xs),
    () => outputsOf(small, xs),
  ])
  const bytes = { before: await bytesOf(model), after: await bytesOf(small) }
  const figures = { parameters, multiplyAdds, bytes, seconds: { before: before!, after: after! } }
  report({ bench: 'shrink', ...names, backend: 'wasm', batch, ...figures, difference })
  const ratios = Object.entries(figures).map(([figure, pair]) => [figure, pair.before / pair.after])
  report({ bench: 'shrink', ...names, figure: 'before / after', ...Object.fromEntries(ratios) })
  for (const one of [model, small]) one.dispose()
  xs.dispose()
}

async function mobileNet(): Promise<void> {
  const common = { network: 'MobileNetV2 of nsfwjs 4.3.0', batch: 1, turns: 15 }
  const one = await loadMobileNetV2()
  // Where a depthwise filter is dead, the expansion in front of it goes too; the last convolution
  // has 1,280 filters.
  const select = { include: /depthwise_kernel$|^Conv_1\/kernel$/, frozen: true }
  const mask = await computeMask(one, { density: 0.5, granularity: units(), select })
  await measure({
    ...common,
    pruned: 'half of the depthwise filters and of the last convolution',
    model: one,
    mask,
  })
  const two = await loadMobileNetV2()
  await measure({
    ...common,
    pruned: 'every second filter of all layers',
    model: two,
    mask: everyFilter(two, { step: 2 }),
  })
}

/** Its batch normalisations have no scale. */
async function inception(): Promise<void> {
  const model = await loadNsfw('inception_v3')
  const select = { frozen: true, keepLastLayer: true }
  const mask = await computeMask(model, { density: 0.5, granularity: units(), select })
  await measure({
    ...{ network: 'InceptionV3 of nsfwjs 4.3.0', pruned: 'units at density 0.5', model },
    ...{ mask: wholeUnits(model, mask), batch: 1, turns: 9 },
  })
}

/** Two recurrent layers for 30 steps of 126 numbers, as sign languages are read. */
async function recurrent(kind: 'lstm' | 'gru' | 'bidirectional', batch: number): Promise<void> {
  const cells = (units: number, returnSequences: boolean) => {
    const options = { units, returnSequences, recurrentInitializer: 'glorotNormal' } as const
    return kind === 'gru' ? layers.gru(options) : layers.lstm(options)
  }
  const block = (units: number, returnSequences: boolean) => {
    const layer = cells(units, returnSequences) as layers.RNN
    return kind === 'bidirectional' ? layers.bidirectional({ layer, mergeMode: 'concat' }) : layer
  }
  const model = sequential({
    layers: [
      layers.inputLayer({ inputShape: [30, 126] }),
      block(128, true),
      block(64, false),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  })
  const select = { keepLastLayer: true }
  const mask = await computeMask(model, { density: 0.5, granularity: units(), select })
  await measure({
    ...{ network: `two layers, ${kind}`, pruned: 'units at density 0.5', model },
    ...{ mask: wholeUnits(model, mask), batch, turns: 31 },
  })
}

async function smallCnn(density: number, batch: number): Promise<void> {
  const model = referenceCnn()
  const mask = await computeMask(model, {
    density,
    granularity: units(),
    select: { keepLastLayer: true },
  })
  const pruned = `units at density ${density}`
  await measure({ network: 'reference-cnn', pruned, model, mask, batch, turns: 101 })
}

export async function run(): Promise<void> {
  await startWasm()
  for (const density of [0.5, 0.25]) for (const batch of [1, 32]) await smallCnn(density, batch)
  await mobileNet()
  await inception()
  for (const kind of ['lstm', 'gru', 'bidirectional'] as const)
    for (const batch of [1, 32]) await recurrent(kind, batch)
}
