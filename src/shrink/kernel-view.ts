import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import type { Dimension, KindWeight } from '../layer-kinds/layer-kind.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { type Factor, factorsOf } from './kernel-factors.js'
import { readRole } from './read-role.js'

/** The linear part of a layer: a matrix for each place of its window. */
export interface KernelView {
  readonly inputs: number
  readonly outputs: number
  /** All gates of all outputs; as many as these where there are no gates. */
  readonly columns: number
  /** Places of the window; 1 for a dense layer. */
  readonly places: number
  /** Columns are the outputs, gate by gate. */
  readonly at: (place: number, input: number, column: number) => number
}

/** Options of {@link readKernel}. */
export interface ReadKernelOptions {
  /** Leaves out the scales that the layer applies when its bias is added already. */
  readonly beforeShift?: boolean
  /** The channels that are read: those of the input, or the outputs of the step before. */
  readonly reads?: 'in' | 'state'
}

/**
 * Reads the product of a layer's kernels and scales, summed over the channels between them: a
 * separable convolution has two kernels, a layer of a user may have a gain.
 */
export async function readKernel(
  layer: layers.Layer,
  { beforeShift = false, reads = 'in' }: ReadKernelOptions = {},
): Promise<KernelView> {
  const className = classNameOf(layer)
  const other = reads === 'in' ? 'state' : 'in'
  const weights = Object.entries(registeredKind(className)!.weights)
  const roles = multipliersOf(
    weights.filter(([, { axes }]) => !axes.flat().includes(other)),
    beforeShift,
  )
  const read = await Promise.all(
    roles.map(async (role) => ({ className, role, ...(await readRole(layer, role)) })),
  )
  const { factors, sizeOf } = factorsOf(read.filter(({ values }) => values.length > 0))
  const [outputs, gates] = [sizeOf('out'), sizeOf('gate')]
  return {
    inputs: sizeOf(reads),
    outputs,
    columns: outputs * gates,
    places: Math.max(...factors.map(({ places }) => places)),
    at: factors.length === 1 ? single(factors[0]!, reads, sizeOf) : product(factors, reads, sizeOf),
  }
}

/** Roles of the weights that multiply, in the order of their application. */
function multipliersOf(
  weights: readonly (readonly [string, KindWeight])[],
  beforeShift: boolean,
): string[] {
  const shift = weights.findIndex(([, { use }]) => use === 'shift')
  const applied = beforeShift && shift >= 0 ? weights.slice(0, shift) : weights
  return applied.filter(([, { use }]) => use === 'kernel' || use === 'scale').map(([role]) => role)
}

type SizeOf = (dimension: Dimension) => number
type Reads = NonNullable<ReadKernelOptions['reads']>

function single(factor: Factor, reads: Reads, sizeOf: SizeOf): KernelView['at'] {
  const { values, perPlace, strideOf } = factor
  const [ofInput, ofColumn] = [strideOf(reads), columnOffsets(factor, sizeOf)]
  return (place, input, column) => values[place * perPlace + input * ofInput + ofColumn[column]!]!
}

function product(factors: readonly Factor[], reads: Reads, sizeOf: SizeOf): KernelView['at'] {
  const parts = factors.map((factor) => ({
    values: factor.values,
    ofPlace: factor.places > 1 ? factor.perPlace : 0,
    ofInput: factor.strideOf(reads),
    ofColumn: columnOffsets(factor, sizeOf),
    between: betweenOffsets(factor, sizeOf),
  }))
  const count = sizeOf('multiple') * sizeOf('middle')
  return (place, input, column) => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      let term = 1
      for (const { values, ofPlace, ofInput, ofColumn, between } of parts)
        term *= values[place * ofPlace + input * ofInput + ofColumn[column]! + between[i]!]!
      sum += term
    }
    return sum
  }
}

/** Offsets in a factor of all outputs, gate by gate. */
function columnOffsets({ strideOf }: Factor, sizeOf: SizeOf): Int32Array {
  return pairOffsets([sizeOf('gate'), strideOf('gate')], [sizeOf('out'), strideOf('out')])
}

/** Offsets in a factor of all pairs of a multiple and a middle channel. */
function betweenOffsets({ strideOf }: Factor, sizeOf: SizeOf): Int32Array {
  return pairOffsets(
    [sizeOf('multiple'), strideOf('multiple')],
    [sizeOf('middle'), strideOf('middle')],
  )
}

type SizeAndStride = readonly [size: number, stride: number]

function pairOffsets([slow, ofSlow]: SizeAndStride, [fast, ofFast]: SizeAndStride): Int32Array {
  return Int32Array.from(
    { length: slow * fast },
    (_, i) => Math.floor(i / fast) * ofSlow + (i % fast) * ofFast,
  )
}
