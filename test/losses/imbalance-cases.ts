import { oneHot, reshape, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core'
import { asymmetric } from '../../src/losses/asymmetric.js'
import { aucm } from '../../src/losses/aucm.js'
import { focal } from '../../src/losses/focal.js'
import { ldam } from '../../src/losses/ldam.js'
import { logitAdjusted } from '../../src/losses/logit-adjusted.js'
import { softFBeta } from '../../src/losses/soft-f-beta.js'
import type { Loss } from '../../src/types.js'
import golden from '../golden/imbalance.json'

const factories = { focal, ldam, logitAdjusted, asymmetric, softFBeta, aucm }

interface GoldenCase {
  readonly loss: keyof typeof factories
  readonly options: Parameters<typeof ldam>[0]
  readonly labels: readonly number[]
  readonly shape: readonly number[]
  readonly outputs: readonly number[]
  readonly value: number
  readonly gradient: readonly number[]
}

/** Cases of one loss, made by PyTorch: see scripts/golden/imbalance.py. */
export function imbalanceCases(name: GoldenCase['loss']) {
  const cases = (golden.cases as unknown as GoldenCase[]).filter(({ loss }) => loss === name)
  return cases.map((one) => ({ ...one, title: `[${one.shape}] ${JSON.stringify(one.options)}` }))
}

/** The loss of a case, its labels in every allowed shape, and its outputs. */
export function asImbalanceBatch({ loss, options, labels, shape, outputs }: GoldenCase) {
  const indices = tensor1d([...labels], 'int32')
  const rows = oneHot(tensor1d([...labels], 'int32'), Math.max(shape[1] ?? 1, 2))
  return {
    loss: factories[loss](options),
    labels: [rows, indices, reshape(indices, [-1, 1])],
    outputs: tensor([...outputs], [...shape]),
  }
}

/**
 * One loss for batches of two classes and of three, for losses that are told how many samples each
 * class has.
 */
export function byClasses(two: Loss, three: Loss): Loss {
  return (yTrue: Tensor, yPred: Tensor) => (yPred.shape[1] === 3 ? three : two)(yTrue, yPred)
}

/**
 * The largest distance of a gradient from central differences of the loss, logits of the given
 * shape.
 */
export function slopeError(
  loss: Loss,
  labels: Tensor,
  { at, shape }: { at: readonly number[]; shape: number[] },
) {
  const step = 0.02
  const lossAt = (outputs: readonly number[]) =>
    loss(labels, tensor([...outputs], shape)).dataSync()[0]!
  const moved = (k: number, by: number) =>
    lossAt(at.map((output, i) => (i === k ? output + by : output)))
  return (gradient: readonly number[]) =>
    Math.max(
      ...gradient.map((slope, k) =>
        Math.abs((moved(k, step) - moved(k, -step)) / (2 * step) - slope),
      ),
    )
}
