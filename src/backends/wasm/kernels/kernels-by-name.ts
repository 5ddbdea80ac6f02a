import { KEEP_ONLY } from '../../../internal/keep-only.js'
import { FUSED_STEP } from '../../../updates/fused-step.js'
import type { Kernel, KernelMaker } from '../engine/backend.js'
import { wasmStep } from '../updates/wasm-step.js'
import { batchMatMul } from './batch-mat-mul.js'
import { cast } from './cast.js'
import { conv2d } from './conv2d.js'
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js'
import { conv2dBackpropInput } from './conv2d-backprop-input.js'
import { conv3dBackpropFilter } from './conv3d-backprop-filter.js'
import { conv3dBackpropInput } from './conv3d-backprop-input.js'
import { depthwiseConv2dNative, fusedDepthwiseConv2d } from './depthwise-conv2d-native.js'
import { depthwiseConv2dNativeBackpropFilter } from './depthwise-conv2d-native-backprop-filter.js'
import { depthwiseConv2dNativeBackpropInput } from './depthwise-conv2d-native-backprop-input.js'
import { fusedBatchNorm } from './fused-batch-norm.js'
import { fusedConv2d } from './fused-conv2d.js'
import { fusedMatMul } from './fused-mat-mul.js'
import { identity } from './identity.js'
import { keepOnly } from './keep-only.js'
import { maxPoolGrad } from './max-pool-grad.js'
import { pairwiseKernels } from './pairwise-kernels.js'
import { mean, sum } from './sum.js'
import { square, step, tile } from './unary-kernels.js'
import { unsortedSegmentSum } from './unsorted-segment-sum.js'

/** Kernels that the backend lacks, by their names. */
export const missingKernels = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: depthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseConv2dNativeBackpropInput,
  UnsortedSegmentSum: unsortedSegmentSum,
  [KEEP_ONLY]: keepOnly,
  [FUSED_STEP]: wasmStep as unknown as Kernel,
} satisfies Record<string, Kernel>

/**
 * Makers of kernels in the place of the backend's own, by their names. Each is given that kernel.
 */
export const betterKernels = {
  ...pairwiseKernels,
  BatchMatMul: batchMatMul,
  Cast: cast,
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: conv3dBackpropInput,
  DepthwiseConv2dNative: depthwiseConv2dNative,
  FusedBatchNorm: fusedBatchNorm,
  FusedConv2D: fusedConv2d,
  FusedDepthwiseConv2D: fusedDepthwiseConv2d,
  Identity: identity,
  MaxPoolGrad: maxPoolGrad,
  Mean: mean,
  Square: square,
  Step: step,
  Sum: sum,
  Tile: tile,
  _FusedMatMul: fusedMatMul,
} satisfies Record<string, KernelMaker>
