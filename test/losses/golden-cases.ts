import { cast, oneHot, reshape, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core'
import { type ClassDependentOptions, classDependent } from '../../src/losses/class-dependent.js'
import {
  type SquaredHingeRankOptions,
  squaredHingeRank,
} from '../../src/losses/squared-hinge-rank.js'
import {
  type WeightedCrossentropyOptions,
  weightedCrossentropy,
} from '../../src/losses/weighted-crossentropy.js'
import type { Loss } from '../../src/types.js'
import golden from '../golden/losses.json'

interface GoldenCase {
  readonly loss: 'weightedCrossentropy' | 'squaredHingeRank' | 'classDependent'
  readonly options: WeightedCrossentropyOptions & SquaredHingeRankOptions & ClassDependentOptions
  readonly labels: readonly number[]
  readonly shape: readonly number[]
  readonly outputs: readonly number[]
  readonly value: number
  readonly gradient: readonly number[]
}

const factories = { weightedCrossentropy, squaredHingeRank, classDependent }

/** Cases of one loss, made by PyTorch: see scripts/golden/losses.py. */
export function goldenCases(name: GoldenCase['loss']): (GoldenCase & { readonly title: string })[] {
  const cases = (golden.cases as unknown as GoldenCase[]).filter(({ loss }) => loss === name)
  return cases.map((one) => ({ ...one, title: `[${one.shape}] ${JSON.stringify(one.options)}` }))
}

/** The loss of a case, its labels in every allowed shape, and its outputs. */
export function asBatch({ loss, options, labels, shape, outputs }: GoldenCase): {
  loss: Loss
  labels: Tensor[]
  outputs: Tensor
} {
  const classes = shape[1] ?? 1
  const indices = tensor1d([...labels], 'int32')
  const rows = oneHot(tensor1d([...labels], 'int32'), Math.max(classes, 2))
  return {
    loss: factories[loss](options),
    labels: [
      rows,
      cast(rows, 'float32'),
      indices,
      cast(indices, 'float32'),
      reshape(indices, [-1, 1]),
    ],
    outputs: tensor([...outputs], [...shape]),
  }
}
