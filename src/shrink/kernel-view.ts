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
  /** Places of the window; 1 for a dense layer. */
  readonly places: number
  readonly at: (place: number, input: number, output: number) => number
}

/** Options of {@link readKernel}. */
export interface ReadKernelOptions {
  /** Leaves out the scales that the layer applies when its bias is added already. */
  readonly beforeShift?: boolean
}

/**
 * Reads the product of a layer's kernels and scales, summed over the channels between them: a
 * separable convolution has two kernels, a layer of a user may have a gain.
 */
export async function readKernel(
  layer: layers.Layer,
  { beforeShift = false }: ReadKernelOptions = {},
): Promise<KernelView> {
  const className = classNameOf(layer)
  const roles = multipliersOf(Object.entries(registeredKind(className)!.weights), beforeShift)
  const read = await Promise.all(
    roles.map(async (role) => ({ className, role, ...(await readRole(layer, role)) })),
  )
  const { factors, sizeOf } = factorsOf(read.filter(({ values }) => values.length > 0))
  return {
    inputs: sizeOf('in'),
    outputs: sizeOf('out'),
    places: Math.max(...factors.map(({ places }) => places)),
    at: factors.length === 1 ? single(factors[0]!) : product(factors, sizeOf),
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

function single({ values, perPlace, strideOf }: Factor): KernelView['at'] {
  const [ofInput, ofOutput] = [strideOf('in'), strideOf('out')]
  return (place, input, output) => values[place * perPlace + input * ofInput + output * ofOutput]!
}

function product(
  factors: readonly Factor[],
  sizeOf: (dimension: Dimension) => number,
): KernelView['at'] {
  const parts = factors.map(({ values, places, perPlace, strideOf }) => ({
    values,
    ofPlace: places > 1 ? perPlace : 0,
    ofInput: strideOf('in'),
    ofOutput: strideOf('out'),
    between: betweenOffsets(strideOf, sizeOf),
  }))
  const count = sizeOf('multiple') * sizeOf('middle')
  return (place, input, output) => {
    let sum = 0
    for (let i = 0; i < count; i++) {
      let term = 1
      for (const { values, ofPlace, ofInput, ofOutput, between } of parts)
        term *= values[place * ofPlace + input * ofInput + output * ofOutput + between[i]!]!
      sum += term
    }
    return sum
  }
}

/** Offsets in a factor of all pairs of a multiple and a middle channel. */
function betweenOffsets(
  strideOf: Factor['strideOf'],
  sizeOf: (dimension: Dimension) => number,
): Int32Array {
  const middles = sizeOf('middle')
  return Int32Array.from({ length: sizeOf('multiple') * middles }, (_, i) => {
    return Math.floor(i / middles) * strideOf('multiple') + (i % middles) * strideOf('middle')
  })
}
