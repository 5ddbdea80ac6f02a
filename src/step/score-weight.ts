import { cast, ones, type Tensor, Tensor as TensorClass, tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { keepOnly } from '../internal/keep-only.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { firstNonFinite, type WeightValues } from '../internal/weight-values.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import { type SelectionOptions, selectWeights } from '../select/select-weights.js'
import { examples } from '../statistics/examples.js'
import type { Criterion, GatheredStatistics, ScoredWeight } from '../types.js'

/** A weight that is to be scored. */
export interface Scoring {
  readonly weight: ModelWeight
  readonly mask: Uint8Array
  /** Values before training; undefined for the present ones. */
  readonly before: WeightValues[string] | undefined
  readonly round: number
  readonly gathered: GatheredStatistics
}

/**
 * Scores of one weight on the host. Throws if they, or the weights, are not finite or not of the
 * right shape.
 */
export async function scoreWeight(criterion: Criterion, scoring: Scoring): Promise<Float32Array> {
  const { weight, mask } = scoring
  const { name, variable } = weight
  checkFinite(name, 'weights', await variable.data())
  const values = await valuesOf(() =>
    checked(name, 'score', criterion(scoredWeight(criterion, scoring)), variable),
  )
  checkFinite(name, 'scores', values, mask)
  return values
}

/** Values of one weight after what a new mask prunes was made up for; pruned places are +0. */
export async function compensateWeight(
  criterion: Criterion,
  scoring: Scoring,
  values: Uint8Array,
): Promise<Float32Array> {
  const { name, variable } = scoring.weight
  const found = await valuesOf(() => {
    const kept = tensor(values, variable.shape, 'bool')
    const result = criterion.compensate!(scoredWeight(criterion, scoring), cast(kept, 'float32'))
    return keepOnly(checked(name, 'compensate', result, variable), kept)
  })
  checkFinite(name, 'compensated weights', found, values)
  return found.slice()
}

async function valuesOf(compute: () => Tensor): Promise<Float32Array> {
  // A criterion may answer with one of its inputs; a clone is ours to dispose.
  const result = tidy(() => compute().clone())
  try {
    return (await result.data()) as Float32Array
  } finally {
    result.dispose()
  }
}

/** What a criterion sees; its tensors belong to the tidy around it. */
function scoredWeight(
  criterion: Criterion,
  { weight, mask, before, round, gathered }: Scoring,
): ScoredWeight {
  const { name, layer, role, variable } = weight
  const initial = before ? tensor(before, variable.shape) : variable
  const kept = mask.includes(0)
    ? tensor(new Float32Array(mask), variable.shape)
    : ones(variable.shape)
  const plain = {
    name,
    layer,
    role,
    unitAxes: unitAxes(weight),
    round,
    initial,
    final: variable,
    mask: kept,
    ...gathered.of(name, undefined),
  }
  const ofClass = (index: number): ScoredWeight => ({ ...plain, ...gathered.of(name, index) })
  const byClass = (criterion.needs ?? []).some((need) => typeof need === 'object')
  return byClass ? { ...plain, ofClass } : plain
}

/**
 * Throws unless a criterion returns a tensor of the right shape and type for the first weight;
 * values do not count.
 */
export function checkCriterion(
  model: LayersModel,
  criterion: Criterion,
  select: SelectionOptions,
): void {
  const [first] = selectWeights(model, select).weights
  const weight = modelWeights(model).find(({ name }) => name === first!.name)!
  tidy(() => void tryCriterion(criterion, weight, weight.variable.clone()))
}

/**
 * What a criterion may come to say of a weight, with examples of what it needs: as if a training
 * had halved all values and turned the sign of every other one.
 */
export async function trialScores(
  criterion: Criterion,
  weight: ModelWeight,
): Promise<Float32Array> {
  const { variable } = weight
  const trained = (await variable.data()).map((value, i) => (i % 2 === 0 ? value : -value) / 2)
  return valuesOf(() => tryCriterion(criterion, weight, tensor(trained, variable.shape)))
}

function tryCriterion(
  criterion: Criterion,
  { name, layer, role, variable }: ModelWeight,
  final: Tensor,
): Tensor {
  const plain = {
    name,
    layer,
    role,
    round: 1,
    initial: variable,
    final,
    mask: ones(variable.shape),
  }
  const weight = { ...plain, ...examples(criterion, variable.shape) }
  return checked(name, 'score', criterion({ ...weight, ofClass: () => weight }), variable)
}

/** What a criterion returned. Throws if it is no tensor of the right shape and type. */
function checked(
  name: string,
  task: 'score' | 'compensate',
  scores: unknown,
  { shape }: Tensor,
): Tensor {
  const action = `Cannot ${task} ${name}: expected the criterion to return`
  if (!(scores instanceof TensorClass)) {
    const got = scores instanceof Promise ? 'a promise' : describe(scores)
    throw new TypeError(`${action} a tensor, got ${got}`)
  }
  if (scores.shape.join() !== shape.join()) {
    throw new TypeError(`${action} shape [${shape.join(', ')}], got [${scores.shape.join(', ')}]`)
  }
  if (scores.dtype !== 'float32') throw new TypeError(`${action} float32, got ${scores.dtype}`)
  return scores
}

function checkFinite(
  name: string,
  what: 'weights' | 'scores' | 'compensated weights',
  values: ArrayLike<number>,
  mask?: Uint8Array,
): void {
  const index = firstNonFinite(values, mask)
  if (index < 0) return
  throw new RangeError(
    `Cannot score ${name}: expected finite ${what}, got ${values[index]} at index ${index}`,
  )
}
