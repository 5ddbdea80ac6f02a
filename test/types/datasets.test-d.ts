// Type tests: `npm run types` compiles them, nothing runs.
import { data as tfData } from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type ArrayData,
  type Batch,
  computeMask,
  type DatasetData,
  evaluateOn,
  type FitOptions,
  fit,
  reEstimateBatchNorm,
  type SampleData,
  type ScoringSamples,
  taylor,
} from 'tfjs-prune'
import type { CalibrationData } from 'tfjs-prune/certify'
import { expectTypeOf, test } from 'vitest'

const [xs, ys] = [tfData.array([[1], [2]]), tfData.array([0, 1])]
const zipped = tfData.zip({ xs, ys }).batch(1)

test('all functions with samples take what tf.data.zip and batch give', () => {
  expectTypeOf(zipped).toExtend<DatasetData>()
  expectTypeOf(zipped).toExtend<SampleData>()
  expectTypeOf(zipped).toExtend<ScoringSamples>()
  expectTypeOf(zipped).toExtend<CalibrationData>()
  const run = (model: LayersModel, options: FitOptions) => [
    fit(zipped, options),
    fit(zipped.repeat(), { ...options, stepsPerEpoch: 100 }),
    fit(tfData.zip({ xs: { img: xs, meta: xs }, ys }).batch(16), options),
    evaluateOn(zipped, { positiveClass: 1 }),
    computeMask(model, { density: 0.5, criterion: taylor(), samples: zipped }),
    reEstimateBatchNorm(model, tfData.zip({ xs }).batch(8)),
  ]
  expectTypeOf(run).toBeFunction()
})

test('datasets of batches with types of their own are taken too', () => {
  type Own = { iterator: () => Promise<{ next: () => Promise<IteratorResult<Batch>> }> }
  expectTypeOf<Own>().toExtend<DatasetData>()
  // @ts-expect-error a list of batches is no dataset
  expectTypeOf<Batch[]>().toExtend<DatasetData>()
})

test('inputs may be given by name, weights of samples not at all', () => {
  expectTypeOf<{ xs: { img: Tensor; meta: number[][] }; ys: number[] }>().toExtend<ArrayData>()
  const refused = (img: Tensor, options: FitOptions) =>
    // @ts-expect-error sampleWeight is no part of the data
    fit({ xs: img, ys: [1], sampleWeight: [1] }, options)
  expectTypeOf(refused).toBeFunction()
})
