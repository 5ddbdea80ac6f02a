import {
  add,
  matMul,
  relu,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  train,
  variable,
} from '@tensorflow/tfjs-core'
import type { Loss } from '../../src/types.js'

const features = 4
const units = 16
const batchSize = 32

/** Standard normal numbers from a seed. */
function normals(seed: number): () => number {
  let state = seed >>> 0
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Labelled samples in batches. */
export interface HardSet {
  readonly xs: Tensor2D[]
  readonly ys: Tensor1D[]
  readonly labels: number[]
}

/** Two overlapping Gaussian clouds, one sample in six positive. */
export function hardSet(seed: number, batches = 12): HardSet {
  const draw = normals(seed)
  const labels = Array.from({ length: batches * batchSize }, (_, i) => (i % 6 === 0 ? 1 : 0))
  const rows = labels.map((label) => Array.from({ length: features }, () => draw() + 0.6 * label))
  const inBatches = <T>(all: readonly T[]) =>
    Array.from({ length: batches }, (_, b) => all.slice(b * batchSize, (b + 1) * batchSize))
  return {
    xs: inBatches(rows).map((batch) => tensor2d(batch)),
    ys: inBatches(labels).map((batch) => tensor1d(batch)),
    labels,
  }
}

/** Trains a small network by SGD with momentum; returns its scores, one logit per sample. */
export function trainOn(
  { xs, ys }: HardSet,
  loss: Loss,
  { rate = 0.002, epochs = 12, seed = 0 } = {},
): number[] {
  const draw = normals(seed)
  const kernel = (rows: number, columns: number) =>
    variable(
      tensor2d(
        Array.from({ length: rows }, () =>
          Array.from({ length: columns }, () => draw() / Math.sqrt(rows)),
        ),
      ),
    )
  const bias = (length: number) => variable(tensor1d(new Array(length).fill(0)))
  const [first, second, firstBias, secondBias] = [
    kernel(features, units),
    kernel(units, 1),
    bias(units),
    bias(1),
  ]
  const score = (x: Tensor2D) =>
    add(matMul(relu(add<Tensor2D>(matMul(x, first), firstBias)), second), secondBias)
  const optimizer = train.momentum(rate, 0.9)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [b, x] of xs.entries()) optimizer.minimize(() => loss(ys[b]!, score(x)) as Scalar)
  }
  const scores = xs.flatMap((x) => tidy(() => [...score(x).dataSync()]))
  for (const made of [first, second, firstBias, secondBias, optimizer]) made.dispose()
  return scores
}
