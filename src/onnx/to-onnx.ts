import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { modelWeights } from '../internal/model-weights.js'
import { anything, numberThat, oneOf } from '../internal/option-checks.js'
import { stripMasks } from '../layers/strip-masks.js'
import { applyMask } from '../masks/apply-mask.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { refuseBareMask } from '../masks/refuse-bare-mask.js'
import { layerPlaces } from '../sparse/sources/layer-places.js'
import { ownActivations } from '../sparse/sources/own-activations.js'
import { encodeModel } from './file/encode-model.js'
import { task } from './graph/onnx-error.js'
import { neededNodes } from './passes/needed-nodes.js'
import { type StoredValues, storeValues } from './passes/store-values.js'
import { type NamedValues, readGraph } from './read-graph.js'

/** Options of {@link toOnnx}. */
export interface ToOnnxOptions {
  /** Weights that it prunes are written as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /** How the values of kernels are stored; all is computed in float32. @default 'float32' */
  readonly values?: StoredValues
  /** Version of ONNX's operations, 13 to 22. @default 17 */
  readonly opset?: number
  /** Texts to write beside the network. @default none */
  readonly metadata?: Readonly<Record<string, string>>
}

const checks: OptionChecks<ToOnnxOptions> = {
  mask: anything,
  values: oneOf('float32', 'float16', 'int8'),
  opset: numberThat(
    'a whole number from 13 to 22',
    (n) => Number.isInteger(n) && n >= 13 && n <= 22,
  ),
  metadata: anything,
}

/**
 * Writes a model as an ONNX file.
 *
 * @param model Any LayersModel; it is not changed.
 * @param options Mask, types of values, version and metadata.
 * @returns The bytes of the file.
 */
export async function toOnnx(model: LayersModel, options: ToOnnxOptions = {}): Promise<Uint8Array> {
  checkModel(model, task)
  refuseBareMask(options, task)
  checkOptions(options, { task, checks })
  const { mask, values = 'float32', opset = 17, metadata = {} } = options
  if (mask) checkMask(model, mask)
  const plain = stripMasks(model)
  try {
    if (mask) applyMask(plain, mask)
    const own = await ownActivations(layerPlaces(plain).layers.values())
    const graph = readGraph(plain, { values: await namedValues(plain), opset, own })
    const stored = await storeValues(neededNodes(graph), values)
    return encodeModel({ graph: stored, opset, metadata })
  } finally {
    plain.dispose()
  }
}

async function namedValues(model: LayersModel): Promise<NamedValues> {
  const values = new Map<unknown, { name: string; values: Float32Array }>()
  for (const { name, variable } of modelWeights(model))
    values.set(variable, { name, values: (await variable.data()).slice() as Float32Array })
  return values
}
