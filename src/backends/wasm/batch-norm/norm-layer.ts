import { type LayerVariable, layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../../../internal/class-name.js'

/** A batch norm of tfjs, as far as the fused way reads it. */
export interface NormLayer extends layers.Layer {
  readonly axis: number
  readonly momentum: number
  readonly epsilon: number
  /** The scale. */
  readonly gamma: LayerVariable | null
  /** The shift. */
  readonly beta: LayerVariable | null
  readonly movingMean: LayerVariable
  readonly movingVariance: LayerVariable
}

let stock: unknown

/** The class of tfjs, which has no name in its exports. */
function stockClass(): unknown {
  const name = 'stock' // or tfjs counts it in the names of others
  stock ??= layers.batchNormalization({ name }).constructor
  return stock
}

export const isNorm = (layer: layers.Layer): layer is NormLayer =>
  classNameOf(layer) === 'BatchNormalization'

/** Why a batch norm cannot run fused. */
export function reasonAgainst(layer: NormLayer): string | undefined {
  if ((layer as object).constructor !== stockClass())
    return 'its class is BatchNormalization, but not that of tfjs'
  if (!layer.gamma || !layer.beta) return `it has no ${layer.gamma ? 'beta' : 'gamma'}`
  const { ndim } = [layer.inputSpec].flat()[0]!
  if (layer.axis !== -1 && layer.axis + 1 !== ndim) return `its axis is ${layer.axis}`
  return undefined
}
