// Seconds that each criterion takes to score and select, from the samples to the mask, on three
// networks on wasm.
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  averagePercentageOfZeros,
  type Criterion,
  computeMask,
  fisher,
  forClasses,
  fpgm,
  keepingShares,
  layerwiseObs,
  magnitude,
  random,
  snip,
  synFlow,
  taylor,
  unitTaylor,
  wanda,
  weightedByRecall,
} from 'tfjs-prune'
import { startWasm } from '../examples/support/backend.js'
import { loadMobileNetV2 } from '../test/real-models/nsfw.js'
import { report, secondsOf } from './support/measure.js'
import { mlp, referenceCnn } from './support/networks.js'

const criteria: Record<string, () => Criterion> = {
  magnitude,
  random: () => random({ seed: 1 }),
  fpgm,
  snip,
  taylor,
  unitTaylor,
  fisher,
  wanda,
  averagePercentageOfZeros,
  'taylor of two classes': () => forClasses(taylor(), { 0: 1, 1: 5 }),
  'shares of taylor of two classes': () => keepingShares(taylor(), [0, 1]),
  'taylor of two classes by recall': () => weightedByRecall(taylor(), [0, 1]),
  'synFlow in 100 steps': () => synFlow({ steps: 100 }),
  layerwiseObs,
}

/** Criteria that score whole units: those of the last layer may tie, which is refused. */
const OF_UNITS: readonly string[] = ['fpgm', 'unitTaylor', 'averagePercentageOfZeros']

interface Network {
  readonly name: string
  readonly build: () => Promise<LayersModel> | LayersModel
  readonly samples: number
  /** Criteria that are not for it, with the reason. */
  readonly without?: Readonly<Record<string, string>>
  /** Weights that a criterion leaves out. */
  readonly exclude?: Readonly<Record<string, RegExp>>
}

const networks: Network[] = [
  { name: 'LeNet-300-100', build: mlp, samples: 320 },
  { name: 'reference CNN', build: referenceCnn, samples: 320 },
  {
    name: 'MobileNetV2 of nsfwjs',
    build: loadMobileNetV2,
    samples: 16,
    without: {
      'synFlow in 100 steps': 'it ends in a softmax',
      averagePercentageOfZeros: 'projections have no activation, so no zeros',
    },
    // The outputs of a depthwise kernel have no inputs in common.
    exclude: { layerwiseObs: /depthwise/ },
  },
]

export async function run(): Promise<void> {
  await startWasm()
  for (const { name: network, build, samples: count, without = {}, exclude = {} } of networks) {
    const model = await build()
    const shape = (model.inputs[0]!.shape as number[]).slice(1)
    const xs = tf.randomNormal([count, ...shape], 0, 1, 'float32', 1)
    const samples = {
      ...{
        xs,
        ys: Int32Array.from({ length: count }, (_, i) => i % 2),
      },
      batchSize: Math.min(32, count),
    }
    for (const [criterion, make] of Object.entries(criteria)) {
      const common = { bench: 'criteria', network, samples: count, criterion }
      if (without[criterion]) {
        report({ ...common, missing: without[criterion] })
        continue
      }
      const last = new RegExp(`^${model.layers.at(-1)!.name}/`)
      const left = OF_UNITS.includes(criterion) ? last : exclude[criterion]
      const select = left ? { exclude: left } : {}
      const options = { density: 0.1, criterion: make(), samples, select }
      const seconds = await secondsOf(() => computeMask(model, options))
      report({ ...common, seconds })
    }
    tf.dispose(xs)
    model.dispose()
  }
}
