// A mask over all weights of a model, the whole call on both sides, in processor time: computeMask
// with globally(), against PyTorch's global_unstructured, numpy's partition and a sort; and against
// the selection alone, which shows what the call adds to it.
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { computeMask, globally, keepHighest, perLayer } from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { processorSecondsOf, report } from './support/measure.js'
import { runPython } from './support/python.js'

type Shape = [number, number]

/** Kernels of 2.47 and of 25 million weights. */
const NETWORKS: readonly Shape[][] = [
  [
    [1200, 1200],
    [1200, 800],
    [800, 89],
  ],
  [
    [4000, 4000],
    [4000, 2000],
    [2000, 500],
  ],
]
const DENSITY = 0.1

function networkOf(shapes: readonly Shape[]): LayersModel {
  const dense = shapes.map(([inputs, units]) =>
    layers.dense({ units, inputShape: [inputs], useBias: false, kernelInitializer: 'zeros' }),
  )
  const model = sequential({ layers: dense })
  tf.tidy(() => model.setWeights(shapes.map((shape) => tf.randomUniform(shape, -0.5, 0.5))))
  return model
}

/** The plain way: sort a copy for the threshold, then mark. */
function selectBySorting(scores: Float32Array, count: number): Uint8Array {
  const threshold = scores.slice().sort()[scores.length - count]!
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0))
}

/** Least processor seconds of each of several subjects, in turns. */
async function leastInTurns(turns: number, subjects: Readonly<Record<string, () => unknown>>) {
  const least: Record<string, number> = {}
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, subject] of Object.entries(subjects)) {
      const seconds = await processorSecondsOf(subject)
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, seconds)
    }
  }
  return least
}

async function measure(shapes: readonly Shape[]): Promise<void> {
  const model = networkOf(shapes)
  const weights = shapes.reduce((sum, [inputs, units]) => sum + inputs * units, 0)
  const scores = new Float32Array(weights)
  let at = 0
  for (const weight of model.getWeights()) {
    // No tidy, which would look at each of the values.
    const sizes = tf.abs(weight)
    scores.set(sizes.dataSync(), at)
    sizes.dispose()
    at += weight.size
  }
  const count = Math.round(weights * DENSITY)
  const ours = await leastInTurns(weights > 1e7 ? 5 : 15, {
    globally: () => computeMask(model, { density: DENSITY, allocate: globally() }),
    perLayer: () => computeMask(model, { density: DENSITY, allocate: perLayer() }),
    'the selection alone': () => keepHighest(scores, count),
  })
  const sort = await processorSecondsOf(() => selectBySorting(scores, count))
  const python = runPython<Record<string, number>>('selection.py', [
    JSON.stringify(shapes),
    DENSITY,
    4,
  ])
  const { globally: seconds, ...parts } = ours
  const common = { bench: 'selection', weights, subject: 'computeMask globally', seconds }
  if ('missing' in python) report({ ...common, baseline: 'pytorch', missing: python.missing })
  const baselines = { ...parts, sort, ...('missing' in python ? {} : python) }
  for (const [baseline, baselineSeconds] of Object.entries(baselines))
    report({ ...common, baseline, baselineSeconds, ratio: baselineSeconds / seconds! })
  model.dispose()
}

export async function run(): Promise<void> {
  await startWasm()
  for (const shapes of NETWORKS) await measure(shapes)
}
