import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { watchWeights } from '../internal/watch-weights.js'
import {
  firstNonFinite,
  readValues,
  type WeightValues,
  writeValues,
} from '../internal/weight-values.js'
import { type BoundWeight, bindMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'

/** A pruned weight that is not repaired. */
export interface LeftWeight {
  /** Its name, e.g. `depthwise_1/depthwise_kernel`. */
  readonly name: string
  /** The reason, in words. */
  readonly reason: string
}

/** A repair under way. */
export interface Repair {
  /** All weights of the mask. */
  readonly bound: readonly BoundWeight[]
  /** Those of them that are repaired, in the model's order. */
  readonly suited: readonly BoundWeight[]
  readonly left: readonly LeftWeight[]
  /** The values before of all weights of the mask. */
  readonly dense: Readonly<WeightValues>
  /**
   * Writes weights of the model. Throws where someone else has written some since the repair began:
   * the sums that were gathered would be of no network that there ever was.
   */
  readonly write: (work: () => void) => void
  /**
   * Does work that writes weights of the model; if it fails, all are as before but those that
   * someone else has written.
   */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
}

interface Wanted {
  readonly task: string
  /** Whether a weight can be repaired. */
  readonly suits: (weight: ModelWeight) => boolean
  /** Values before of the weights of the mask. @default those in the model */
  readonly dense?: Readonly<WeightValues> | undefined
}

/**
 * Pairs a mask with a model and reads the weights. Throws unless the mask fits and prunes something
 * that is there.
 */
export async function openRepair(
  model: LayersModel,
  mask: Mask,
  { task, suits, dense: given }: Wanted,
): Promise<Repair> {
  const weights = modelWeights(model)
  const all = bindMask(weights, mask)
  const place = new Map(weights.map(({ name }, i) => [name, i]))
  const bound = [...all].sort((a, b) => place.get(a.weight.name)! - place.get(b.weight.name)!)
  let checkSame = watchWeights(model, task)
  const before = await readValues(weights)
  const dense =
    given ?? Object.fromEntries(bound.map(({ masked: { name } }) => [name, before[name]!]))
  checkDense(bound, dense, task)
  const pruned = bound.filter(({ masked }) => masked.kept < masked.values.length)
  const left = pruned
    .filter(({ weight }) => !suits(weight))
    .map(({ weight: { name } }) => ({ name, reason: 'its outputs do not share their inputs' }))
  const dataIds = () => new Map(weights.map(({ name, variable }) => [name, variable.dataId]))
  let known = dataIds()
  const write = (work: () => void) => {
    checkSame()
    try {
      work()
    } finally {
      known = dataIds()
    }
    checkSame = watchWeights(model, task)
  }
  const run = async <T>(work: () => Promise<T>) => {
    try {
      return await work()
    } catch (error) {
      // Values that someone else has written meanwhile stay theirs.
      const untouched = weights.filter(({ name, variable }) => {
        return !variable.isDisposed && variable.dataId === known.get(name)
      })
      writeValues(untouched, before)
      throw error
    }
  }
  return { bound, suited: pruned.filter(({ weight }) => suits(weight)), left, dense, write, run }
}

function checkDense(
  bound: readonly BoundWeight[],
  dense: Readonly<WeightValues>,
  task: string,
): void {
  let [goes, isThere] = [false, false]
  for (const { masked } of bound) {
    const { name, values: kept } = masked
    const values = dense[name]
    if (values?.length !== kept.length) {
      const got = values ? `${values.length} values` : 'none'
      throw new RangeError(
        `Cannot ${task}: expected ${kept.length} dense values of ${name}, got ${got}`,
      )
    }
    const wrong = firstNonFinite(values)
    if (wrong >= 0) {
      const got = `${values[wrong]} in ${name} at index ${wrong}`
      throw new RangeError(`Cannot ${task}: expected finite weights, got ${got}`)
    }
    for (let i = 0; i < kept.length && !isThere; i++) {
      if (kept[i] === 1) continue
      goes = true
      isThere = values[i] !== 0
    }
  }
  if (goes && !isThere) {
    const wanted = 'the weights from before the mask'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got 0 wherever the mask prunes`)
  }
}
