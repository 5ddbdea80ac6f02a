import type { RunOperation, Step } from '../network/network.js'
import { lowerActivate, lowerParametricRelu, lowerScale } from './elements/elements.js'
import { lowerMerge } from './elements/merge.js'
import { lowerLayerNormalise, lowerSoftmax } from './elements/rows.js'
import { lowerLayerCall } from './layer-call.js'
import type { Builder } from './layout/builder.js'
import { lowerConcatenate } from './places/concatenate.js'
import { lowerMove } from './places/moves.js'
import { lowerReshape } from './places/reshape.js'
import { lowerRecurrent } from './recurrent.js'
import { lowerGlobalPool } from './windows/global-pool.js'
import { lowerPool } from './windows/pool.js'
import { lowerProduct } from './windows/product.js'

type Lowerings = {
  readonly [Kind in RunOperation['kind']]: (
    builder: Builder,
    step: Step,
    operation: Extract<RunOperation, { readonly kind: Kind }>,
  ) => void
}

const lowerings: Lowerings = {
  product: lowerProduct,
  pool: lowerPool,
  globalPool: lowerGlobalPool,
  scale: lowerScale,
  activate: lowerActivate,
  parametricRelu: lowerParametricRelu,
  softmax: lowerSoftmax,
  layerNormalise: lowerLayerNormalise,
  merge: lowerMerge,
  concatenate: lowerConcatenate,
  reshape: lowerReshape,
  permute: lowerMove,
  pad: lowerMove,
  crop: lowerMove,
  enlarge: lowerMove,
  spread: lowerMove,
  recurrent: lowerRecurrent,
  layerCall: lowerLayerCall,
}

/** Adds the tasks of a step. */
export function lowerStep(builder: Builder, step: Step): void {
  const operation = step.operation as RunOperation
  const lower = lowerings[operation.kind] as (
    ...all: readonly [Builder, Step, RunOperation]
  ) => void
  lower(builder, step, operation)
}
