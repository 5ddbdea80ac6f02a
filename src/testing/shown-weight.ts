import { dispose, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { needsOf } from '../statistics/needs.js'
import { statisticShape } from '../statistics/statistic-shape.js'
import type { Criterion, ScoredWeight, Statistic } from '../types.js'
import { randomValues } from './random-values.js'

/**
 * A weight with the statistics that a criterion asks for, and no others, and all tensors that it is
 * made of.
 */
export interface Shown {
  readonly weight: ScoredWeight
  readonly tensors: readonly Tensor[]
}

interface ShownValues {
  readonly initial: Float32Array
  readonly final: Float32Array
}

/** Makes a weight of the given values; the caller disposes its tensors. */
function show(criterion: Criterion, shape: readonly number[], values: ShownValues): Shown {
  const tensors: Tensor[] = []
  const own = (one: Tensor) => {
    tensors.push(one)
    return one
  }
  const like = (numbers: Float32Array) => own(tensor(numbers, [...shape]))
  const mask = like(Float32Array.from(values.final, (_, i) => Number(i % 3 !== 1)))
  const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1 }
  const plain = { ...place, initial: like(values.initial), final: like(values.final), mask }
  const needs = needsOf(criterion)
  const statisticsOf = (index: number | undefined) => {
    const wanted = needs.filter((need) => need.class === index).map(({ statistic }) => statistic)
    return Object.fromEntries(
      wanted.map((name, i) => [name, own(statistic(name, shape, 10 * (index ?? -1) + i))]),
    )
  }
  const classes = new Set(needs.flatMap((need) => need.class ?? []))
  const byClass = new Map([...classes].map((index) => [index, statisticsOf(index)]))
  const ofClass = (index: number): ScoredWeight => ({ ...plain, ...byClass.get(index) })
  const weight: ScoredWeight = {
    ...plain,
    ...statisticsOf(undefined),
    ...(byClass.size > 0 && { ofClass }),
  }
  return { weight, tensors }
}

/** Random numbers in [0, 1), in the shape that the library gathers a statistic in. */
function statistic(name: Statistic, shape: readonly number[], seed: number): Tensor {
  const own = statisticShape(name, shape)
  const size = own.reduce((product, side) => product * side, 1)
  return tensor(randomValues(size, 100 + seed).map(Math.abs), own)
}

/** Calls `use` with a weight of the given values and disposes it. */
export function withValues<T>(
  criterion: Criterion,
  { shape, ...values }: ShownValues & { readonly shape: readonly number[] },
  use: (shown: Shown) => T,
): T {
  const shown = show(criterion, shape, values)
  try {
    return use(shown)
  } finally {
    dispose([...shown.tensors])
  }
}

/** Calls `use` with a weight of random values and disposes it. */
export function withWeight<T>(
  criterion: Criterion,
  shape: readonly number[],
  use: (shown: Shown) => T,
): T {
  const size = shape.reduce((product, side) => product * side, 1)
  return withValues(
    criterion,
    { shape, initial: randomValues(size, 1), final: randomValues(size, 2) },
    use,
  )
}

/** The scores of a weight, copied. */
export const scoresOf = (criterion: Criterion, { weight }: Shown) =>
  tidy(() => (criterion(weight).dataSync() as Float32Array).slice())
