import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { computeMask } from '../../src/step/compute-mask.js'
import type { ComputeMaskOptions } from '../../src/step/step-options.js'
import type { Criterion, ScoredWeight, Statistic } from '../../src/types.js'
import { withNeeds } from '../support/with-needs.js'

/** Numbers with their shape. */
export interface Shaped {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}

type Parts = Partial<Record<'initial' | 'final' | 'mask' | Statistic, Shaped>> & {
  readonly name?: string
  readonly role?: string
  readonly unitAxes?: readonly number[]
  readonly ofClass?: (index: number) => Parts
}

/** A list of numbers as a vector. */
export const list = (...values: readonly number[]): Shaped => ({ shape: [values.length], values })
/** Rows of numbers as a matrix. */
export const rows = (...values: readonly (readonly number[])[]): Shaped => ({
  shape: [values.length, values[0]!.length],
  values: values.flat(),
})

/**
 * Scores of a weight that is made by hand, in flat order; W0, the weight and the mask are 1 where
 * they are not given.
 */
export function scoresByHand(criterion: Criterion, parts: Parts): number[] {
  return tidy(() => [...(criterion(weightOf(parts)).dataSync() as Float32Array)])
}

function weightOf({
  name = 'out/kernel',
  role = 'kernel',
  unitAxes,
  ofClass,
  ...tensors
}: Parts): ScoredWeight {
  const { shape } = tensors.final ?? tensors.initial ?? tensors.mask ?? list(1)
  const size = shape.reduce((product, side) => product * side, 1)
  const ones = { shape, values: new Array<number>(size).fill(1) }
  const all = { initial: ones, final: ones, mask: ones, ...tensors }
  const made = Object.entries(all).map(([key, { shape, values }]): [string, Tensor] => {
    return [key, tensor(Float32Array.from(values), [...shape])]
  })
  const place = { name, layer: 'out', role, round: 1, ...(unitAxes && { unitAxes }) }
  const weight = { ...place, ...Object.fromEntries(made) } as unknown as ScoredWeight
  return ofClass
    ? { ...weight, ofClass: (index) => weightOf({ name, role, ...ofClass(index) }) }
    : weight
}

/**
 * Scores that a criterion gives to the weights of a model, by name in flat order, with all that it
 * needs gathered.
 */
export async function scoresIn(
  model: LayersModel,
  criterion: Criterion,
  options: Omit<ComputeMaskOptions, 'criterion' | 'density'> = {},
): Promise<Record<string, number[]>> {
  const scores: Record<string, number[]> = {}
  const watched: Criterion = (weight) => {
    const result = criterion(weight)
    scores[weight.name] = [...result.dataSync()]
    return result
  }
  const { needs = [], at = 'trained' } = criterion
  await computeMask(model, {
    ...options,
    density: 1,
    criterion: withNeeds(watched, { needs, at, steps: 1 }),
  })
  return scores
}
