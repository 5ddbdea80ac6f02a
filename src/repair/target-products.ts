import {
  keep,
  matMul,
  reshape,
  square,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { WeightValues } from '../internal/weight-values.js'
import type { BoundWeight } from '../masks/check-mask.js'
import { inputRows } from '../statistics/layer-inputs.js'
import { observeLayers } from '../statistics/observe-layers.js'
import { runningSums } from '../statistics/running-sums.js'
import { countPlaces } from '../statistics/step-masks.js'
import { lookAtSamples, type SamplePass } from './look-at-samples.js'
import type { Repair } from './open-repair.js'

/** Sums over samples and places for one kernel; the caller disposes the tensors. */
export interface TargetProducts {
  /** x x^T, x the inputs that the kernel has now: `[inputs, inputs]`. */
  readonly inputs: Tensor
  /** x z^T, z its outputs without bias in the dense network: `[inputs, units]`. */
  readonly targets: Tensor
  /** Squares of z. */
  readonly energy: number
  /** Number of terms. */
  readonly count: number
}

interface Networks extends SamplePass, Pick<Repair, 'write'> {
  /** The weights that differ between the two networks. */
  readonly bound: readonly BoundWeight[]
  /** Their values in the dense one. */
  readonly dense: Readonly<WeightValues>
}

/** Runs each batch through the model as it is and with its dense weights. */
export async function targetProducts(
  model: LayersModel,
  { weight }: BoundWeight,
  { bound, dense, write, ...pass }: Networks,
): Promise<TargetProducts> {
  const wholes = bound.map(({ masked }) => tensor(dense[masked.name]!, [...masked.shape]))
  const own = wholes[bound.findIndex((one) => one.weight === weight)]!
  const sums = runningSums()
  let count = 0
  const addRows = (rows: Tensor[], xs: readonly Tensor[]) => {
    const visit = (call: Parameters<typeof inputRows>[1]) => {
      rows.push(keep(inputRows(weight, call)))
      const places = countPlaces(rows.at(-1)!.shape[0]!, call.mask)
      count += typeof places === 'number' ? places : places.dataSync()[0]!
    }
    observeLayers(model, xs, { wanted: new Set([weight.owner]), visit })
  }
  const look = ({ xs }: { readonly xs: readonly Tensor[] }) => {
    const [inputs, wanted]: [Tensor[], Tensor[]] = [[], []]
    try {
      addRows(inputs, xs)
      write(() => withValues(bound, wholes, () => addRows(wanted, xs)))
      tidy(() => {
        for (const [i, rows] of inputs.entries()) {
          const outputs = matMul(wanted[i]!, reshape(own, [rows.shape[1]!, -1]))
          sums.add('inputs', matMul(rows, rows, true))
          sums.add('targets', matMul(rows, outputs, true))
          sums.add('energy', sum(square(outputs)))
        }
      })
    } finally {
      for (const rows of [...inputs, ...wanted]) rows.dispose()
    }
  }
  try {
    await lookAtSamples(model, look, pass)
    const energy = (await sums.of('energy')!.data())[0]!
    const [inputs, targets] = ['inputs', 'targets'].map((name) => sums.of(name)!.clone())
    // Both networks were counted.
    return { inputs: inputs!, targets: targets!, energy, count: count / 2 }
  } finally {
    sums.dispose()
    for (const whole of wholes) whole.dispose()
  }
}

/** Does work while weights have other values. */
function withValues<T>(bound: readonly BoundWeight[], values: readonly Tensor[], work: () => T): T {
  const before = bound.map(({ weight }) => weight.variable.clone())
  try {
    for (const [i, { weight }] of bound.entries()) weight.variable.assign(values[i]!)
    return work()
  } finally {
    for (const [i, { weight }] of bound.entries()) weight.variable.assign(before[i]!)
    for (const one of before) one.dispose()
  }
}
