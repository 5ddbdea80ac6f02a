import { div, matMul, maximum, reshape, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { inputRows } from '../statistics/layer-inputs.js'
import { type LayerCall, observeLayers } from '../statistics/observe-layers.js'
import { runningSums } from '../statistics/running-sums.js'
import { countPlaces, keepSteps, type StepMask } from '../statistics/step-masks.js'

/** Moments of the outputs of one kernel, unit by unit, before bias and activation. */
export interface Moments {
  readonly mean: Float64Array
  /** Divided by the number of places; 0 where float32 cannot tell it from 0. */
  readonly variance: Float64Array
}

/** Sums of the outputs of kernels, batch after batch. */
export interface RunningMoments {
  readonly look: (batch: { readonly xs: readonly Tensor[] }) => void
  /** The moments over all batches, by the name of the kernel. */
  readonly read: () => Promise<Map<string, Moments>>
  readonly dispose: () => void
}

/**
 * Sums up the outputs of kernels with input rows, over samples and places: their distances from the
 * means of the first batch, so that the squares do not cancel.
 */
export function runningMoments(
  model: LayersModel,
  kernels: readonly ModelWeight[],
): RunningMoments {
  const sums = runningSums()
  const counts = new Map<string, number>()
  const wanted = new Set(kernels.map(({ owner }) => owner))
  const visit = (call: LayerCall) => {
    for (const kernel of kernels.filter(({ owner }) => owner === call.layer)) {
      const { name } = kernel
      const outputs = outputsOf(kernel, call)
      const places = outputs.shape[0]!
      const count = countPlaces(places, call.mask)
      // Steps that do not count are rows of 0, and stay 0.
      if (!sums.of(`${name} centre`))
        sums.add(`${name} centre`, div(sum(outputs, 0), maximum(count, 1)))
      const centred = keepRows(sub(outputs, sums.of(`${name} centre`)!), call.mask)
      sums.add(`${name} sum`, sum(centred, 0))
      sums.add(`${name} squares`, sum(square(centred), 0))
      if (typeof count === 'number') counts.set(name, (counts.get(name) ?? 0) + count)
      else sums.add(`${name} count`, reshape(count, [1]))
    }
  }
  const read = async () => {
    const moments = new Map<string, Moments>()
    for (const { name } of kernels) {
      const known = sums.of(`${name} count`)
      const count = (counts.get(name) ?? 0) + (known ? (await known.data())[0]! : 0)
      const of = (part: string) => sums.of(`${name} ${part}`)?.data() ?? Promise.resolve([])
      const [centre, total, squares] = await Promise.all(['centre', 'sum', 'squares'].map(of))
      const own = momentsOf({ centre: centre!, total: total!, squares: squares!, count })
      checkFinite(own, name)
      moments.set(name, own)
    }
    return moments
  }
  return {
    look: ({ xs }) => observeLayers(model, xs, { wanted, visit }),
    read,
    dispose: sums.dispose,
  }
}

/** Rows of outputs with 0 at the steps that do not count; each step has as many rows. */
function keepRows(rows: Tensor, mask: StepMask): Tensor {
  if (!mask) return rows
  const bySteps = reshape(rows, [mask.size, -1])
  return reshape(keepSteps(bySteps, reshape(mask, [mask.size])), rows.shape)
}

/** Outputs of a kernel without bias and activation, `[places, units]`. */
function outputsOf(kernel: ModelWeight, call: LayerCall): Tensor {
  const rows = inputRows(kernel, call)
  return matMul(rows, reshape(kernel.variable, [rows.shape[1]!, -1]))
}

/** Share of a number that float32 sums of it may be off by: eight units in the last place. */
const ROUNDING = 2 ** -20

interface Sums {
  readonly centre: ArrayLike<number>
  readonly total: ArrayLike<number>
  readonly squares: ArrayLike<number>
  readonly count: number
}

/** Throws where a mean or a variance is not finite: biases would become NaN. */
function checkFinite({ mean: means, variance }: Moments, name: string): void {
  const unit = Array.from(means).findIndex((one, i) => !Number.isFinite(one + variance[i]!))
  if (unit < 0) return
  const got = `a mean of ${means[unit]} and a variance of ${variance[unit]}`
  throw new RangeError(
    `Cannot repair the variance: expected finite outputs of unit ${unit} of ${name}, got ${got}`,
  )
}

function momentsOf({ centre, total, squares, count }: Sums): Moments {
  const shift = Float64Array.from(total, (value) => value / count)
  return {
    mean: shift.map((value, i) => centre[i]! + value),
    variance: shift.map((value, i) => {
      const variance = squares[i]! / count - value ** 2
      const rounding = ROUNDING * value ** 2 + (ROUNDING * (centre[i]! + value)) ** 2
      // The ratio of two roundings would be the factor of a unit.
      return variance > rounding ? variance : 0
    }),
  }
}
