import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { releaseTape } from '../internal/release-tape.js'
import { firstNonFinite } from '../internal/weight-values.js'
import type { BoundWeight } from '../masks/check-mask.js'
import { gradientsOf } from '../statistics/gradients-of.js'
import { inferOnBatch } from '../statistics/infer-on-batch.js'
import { costOf } from '../training/cost-of.js'
import { lookAtSamples, type SamplePass, type SeenBatch } from './look-at-samples.js'

const MOST_BATCHES = 256

/** Gradients of the loss at the dense weights, batch by batch: sums over the samples of a batch. */
export interface LossGradients {
  /** By the weights that stay, one masked weight after the other. */
  readonly kept: readonly Float32Array[]
  /** Their products with the change that the mask makes: minus the dense weights that go. */
  readonly byMask: readonly number[]
  /** Number of samples. */
  readonly samples: number
}

interface Gradients extends SamplePass {
  readonly bound: readonly BoundWeight[]
  /** The caller's task, in errors. */
  readonly task: string
}

/** Gathers the gradients of a dense model's loss, as far as a repair of its mask needs them. */
export async function lossGradients(
  model: LayersModel,
  { bound, task, ...pass }: Gradients,
): Promise<LossGradients> {
  const variables = bound.map(({ weight }) => weight.variable)
  const size = bound.reduce((total, { masked }) => total + masked.kept, 0)
  const [kept, byMask]: [Float32Array[], number[]] = [[], []]
  const look = ({ xs, ys, loss }: SeenBatch) => {
    const row = new Float32Array(size)
    tidy(() => {
      const cost = () => costOf(loss, { ys, outputs: inferOnBatch(model, xs) as Tensor, task })
      const gradients = gradientsOf(cost, variables)
      byMask.push(split(gradients, { bound, of: ys.shape[0]!, row }))
    })
    kept.push(row)
    if (firstNonFinite(row) < 0 && Number.isFinite(byMask.at(-1))) return
    throw new RangeError(`Cannot ${task}: expected finite gradients, got one that is not`)
  }
  try {
    const wanted = { ...pass, need: 'gradient', batches: MOST_BATCHES } as const
    return { kept, byMask, samples: await lookAtSamples(model, look, wanted) }
  } catch (error) {
    releaseTape()
    throw error
  }
}

interface Row {
  readonly bound: readonly BoundWeight[]
  /** Number of samples that the gradients are means of. */
  readonly of: number
  readonly row: Float32Array
}

/** Writes sums by the weights that stay to a row; returns the product with the mask's change. */
function split(gradients: readonly Tensor[], { bound, of, row }: Row): number {
  let [at, byMask] = [0, 0]
  for (const [w, { masked, weight }] of bound.entries()) {
    const gradient = gradients[w]!.dataSync()
    const isPruned = masked.kept < gradient.length
    const dense = isPruned ? weight.variable.dataSync() : gradient
    for (let i = 0; i < gradient.length; i++) {
      if (masked.values[i] === 1) row[at++] = of * gradient[i]!
      else byMask -= of * gradient[i]! * dense[i]!
    }
  }
  return byMask
}
