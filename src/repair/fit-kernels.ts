import { dispose } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { assignValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import type { BoundWeight } from '../masks/check-mask.js'
import { gatherStatistics } from '../statistics/gather-statistics.js'
import type { LabelledSamples } from '../statistics/labelled-samples.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import type { Repair } from './open-repair.js'
import { refitToTargets } from './refit-to-targets.js'
import { type RefitWeight, refitWeight } from './refit-weight.js'
import { targetProducts } from './target-products.js'

const DAMPING = 0.01

/** How kernels are fitted. */
export interface Fitting<S> {
  readonly samples: S
  readonly damping?: number
  readonly onProgress?: (progress: GatheringProgress) => void
  readonly signal?: AbortSignal
  /** The caller's task, in errors. */
  readonly task: string
}

/** Gathers and fits all kernels in the dense network, then masks it. */
export async function fitAtOnce(
  model: LayersModel,
  repair: Repair,
  options: Fitting<ScoringSamples>,
): Promise<RefitWeight[]> {
  const fitted = await fitKernels(model, repair.suited, { repair, options })
  repair.write(() => {
    applyBoundMask(repair.bound)
    for (const { bound, values } of fitted) assignValues(bound.weight.variable, values)
  })
  return fitted.map(({ report }) => report)
}

/** Masks the network, then gathers and fits kernel after kernel, to the outputs of the dense one. */
export async function fitInTurn(
  model: LayersModel,
  { bound, suited, dense, write }: Repair,
  { damping = DAMPING, task, ...pass }: Fitting<LabelledSamples>,
): Promise<RefitWeight[]> {
  write(() => applyBoundMask(bound))
  const reports: RefitWeight[] = []
  for (const kernel of suited) {
    const products = await targetProducts(model, kernel, { ...pass, bound, dense, write })
    try {
      const own = dense[kernel.weight.name] as Float32Array
      const { values, report } = refitToTargets(kernel.masked, {
        dense: own,
        products,
        damping,
        task,
      })
      write(() => assignValues(kernel.weight.variable, values))
      reports.push(report)
    } finally {
      dispose([products.inputs, products.targets])
    }
    await giveTurn()
  }
  return reports
}

interface Kernels {
  readonly repair: Repair
  readonly options: Fitting<ScoringSamples>
}

interface Fitted {
  readonly bound: BoundWeight
  readonly values: Float32Array
  readonly report: RefitWeight
}

/** Fits some kernels on their inputs in the model as it is. */
async function fitKernels(
  model: LayersModel,
  kernels: readonly BoundWeight[],
  { repair, options }: Kernels,
): Promise<Fitted[]> {
  if (kernels.length === 0) return []
  const { samples, damping = DAMPING, task, onProgress, signal } = options
  const names = kernels.map(({ weight }) => weight.name)
  const gathered = await gatherStatistics(model, {
    needs: ['inputProducts'],
    weights: names,
    samples,
    onProgress,
    signal,
  })
  try {
    const fitted: Fitted[] = []
    for (const bound of kernels) {
      const { name } = bound.weight
      const { inputProducts } = gathered.of(name, undefined)
      const dense = repair.dense[name] as Float32Array
      fitted.push({
        bound,
        ...refitWeight(bound.masked, { dense, inputProducts: inputProducts!, damping, task }),
      })
      await giveTurn()
    }
    return fitted
  } finally {
    gathered.dispose()
  }
}
