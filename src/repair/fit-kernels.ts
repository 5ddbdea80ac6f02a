import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { assignValues } from '../internal/weight-values.js'
import { applyBoundMask } from '../masks/apply-mask.js'
import type { BoundWeight } from '../masks/check-mask.js'
import { gatherStatistics } from '../statistics/gather-statistics.js'
import type { GatheringProgress, ScoringSamples } from '../types.js'
import type { Repair } from './open-repair.js'
import { type RefitWeight, refitWeight } from './refit-weight.js'

/** How kernels are fitted. */
export interface Fitting {
  readonly samples: ScoringSamples
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
  options: Fitting,
): Promise<RefitWeight[]> {
  const fitted = await fitKernels(model, repair.suited, { repair, options })
  applyBoundMask(repair.bound)
  for (const { bound, values } of fitted) assignValues(bound.weight.variable, values)
  return fitted.map(({ report }) => report)
}

/** Masks the network, then gathers and fits kernel after kernel. */
export async function fitInTurn(
  model: LayersModel,
  repair: Repair,
  options: Fitting,
): Promise<RefitWeight[]> {
  applyBoundMask(repair.bound)
  const reports: RefitWeight[] = []
  for (const bound of repair.suited) {
    const [fitted] = await fitKernels(model, [bound], { repair, options })
    assignValues(bound.weight.variable, fitted!.values)
    reports.push(fitted!.report)
  }
  return reports
}

interface Kernels {
  readonly repair: Repair
  readonly options: Fitting
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
  const { samples, damping = 0.01, task, onProgress, signal } = options
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
