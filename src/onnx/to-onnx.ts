import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { decisionThreshold } from '../certify/decision-threshold.js'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { visitLayers } from '../internal/model-weights.js'
import { anything, numberThat, oneOf } from '../internal/option-checks.js'
import { watchWeights } from '../internal/watch-weights.js'
import { stripMasks } from '../layers/strip-masks.js'
import { applyMask } from '../masks/apply-mask.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { refuseBareMask } from '../masks/refuse-bare-mask.js'
import { ownActivations } from '../sparse/sources/own-activations.js'
import { encodeModel } from './file/encode-model.js'
import { checkMetadata, type FileMetadata, fileMetadata } from './file-metadata.js'
import { task } from './graph/onnx-error.js'
import { simplify } from './passes/passes.js'
import { type StoredValues, storeValues } from './passes/store-values.js'
import { type DataFormat, readGraph } from './read-graph.js'
import { readValues } from './read-values.js'
import { refuseMasks } from './refuse-masks.js'
import { checkRuntimeCheck, type RuntimeCheck } from './runtime-check.js'
import { checkProbes, tryInRuntime } from './try-in-runtime.js'

/** Options of {@link toOnnx}. */
export interface ToOnnxOptions {
  /** Weights that it prunes are written as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /** How the values of kernels are stored; all is computed in float32. @default 'float32' */
  readonly values?: StoredValues
  /** Version of ONNX's operations, 13 to 22. @default 17 */
  readonly opset?: number
  /**
   * Where the channels of images lie in inputs and outputs of at least four axes. Weights and
   * outcomes are the same.
   *
   * @default 'channelsLast', as in the model
   */
  readonly dataFormat?: DataFormat
  /** Texts to write beside the network. @default none */
  readonly metadata?: FileMetadata
  /** Runs the file in your runtime, beside the model, before it is given back. @default none */
  readonly check?: RuntimeCheck
}

const checks: OptionChecks<ToOnnxOptions> = {
  mask: anything,
  values: oneOf('float32', 'float16', 'int8'),
  opset: numberThat(
    'a whole number from 13 to 22',
    (n) => Number.isInteger(n) && n >= 13 && n <= 22,
  ),
  dataFormat: oneOf('channelsLast', 'channelsFirst'),
  metadata: checkMetadata,
  check: checkRuntimeCheck,
}

/**
 * Writes a model as an ONNX file, which ONNX Runtime and others run.
 *
 * Inputs and outputs keep their names and the shapes that they have in tfjs; the batch and other
 * open sides stay open. Nodes begin with the path of their layer. Nested models are opened, masking
 * layers are written as the stock ones, and batch norms go into the kernel before them. All is
 * computed in float32. A decision threshold of the model is in the metadata.
 *
 * | kind | layers |
 * |---|---|
 * | products | Dense, convolutions of 1 to 3 axes, transposed, depthwise and separable ones |
 * | pooling | maximum and average, global too |
 * | norms | BatchNormalization, LayerNormalization |
 * | activations | all of tfjs by name, and the layers of their own |
 * | recurrent | SimpleRNN, LSTM, GRU, stacked cells, ConvLSTM2D, Bidirectional |
 * | sequences | TimeDistributed, Embedding, Masking |
 * | images | ZeroPadding2D, Cropping2D, CenterCrop, UpSampling2D, Rescaling |
 * | merges | Add, Multiply, Average, Maximum, Minimum, Concatenate, Dot |
 * | shapes | Flatten, Reshape, Permute, RepeatVector |
 * | left out | Dropout and its kin, noise |
 *
 * A layer beyond them is refused by name.
 *
 * @param model Any LayersModel of stock or masking layers; it is not changed.
 * @param options Mask, types of values, version, layout, metadata and a check in your runtime.
 * @returns The bytes of the file, once the whole file is made and the check is passed.
 * @throws {TypeError} If `model` is no LayersModel, is disposed, or an option is of a wrong type.
 * @throws {Error} With `check`, if a weight of the model changes meanwhile.
 * @throws {RangeError} If ONNX has no words for a layer, which is named; a weight cannot be stored
 *   as `values`; or an output of the runtime differs by more than the tolerance.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { toOnnx } from 'tfjs-prune/onnx'
 *
 * const model = sequential({ layers: [layers.dense({ units: 256, inputShape: [256] })] })
 * const file = await toOnnx(model)
 * const small = await toOnnx(model, { values: 'int8' })
 * if (small.length > 0.3 * file.length) throw new Error('little more than a quarter')
 * ```
 *
 * @see {@link https://onnx.ai/onnx/operators/ | The operations of ONNX}
 */
export async function toOnnx(model: LayersModel, options: ToOnnxOptions = {}): Promise<Uint8Array> {
  checkModel(model, task)
  refuseBareMask(options, task)
  checkOptions(options, { task, checks })
  const {
    mask,
    values = 'float32',
    opset = 17,
    dataFormat = 'channelsLast',
    metadata = {},
    check,
  } = options
  if (mask) checkMask(model, mask)
  const all = layersOf(model)
  refuseMasks(all)
  const decision = decisionThreshold(model)
  const checkSame = watchWeights(model, task)
  // Of one moment, for the file and for the certificate that it carries.
  const weights = await readValues(model, mask)
  const texts = fileMetadata(decision, metadata, { model, weights, values })
  const own = await ownActivations(all)
  const graph = simplify(readGraph(model, { values: weights, opset, own, dataFormat }))
  if (check) checkProbes(check, graph.inputs)
  const stored = await storeValues(graph, values)
  const file = encodeModel({ graph: stored, opset, metadata: texts })
  if (check) {
    const { inputs, outputs } = graph
    const written = { file, inputs, outputs, dataFormat }
    const compare = (own: LayersModel) => tryInRuntime({ model: own, ...written }, check)
    // The model itself is asked, and has to be that of the file.
    await withMasked(model, mask, compare).finally(checkSame)
  }
  return file
}

/** Hands a model over as the mask leaves it. */
async function withMasked(
  model: LayersModel,
  mask: Mask | undefined,
  use: (model: LayersModel) => Promise<void>,
): Promise<void> {
  if (!mask) return use(model)
  const copy = stripMasks(model)
  try {
    applyMask(copy, mask)
    await use(copy)
  } finally {
    copy.dispose()
  }
}

/** All layers of a model, those of nested models and of wrappers too. */
function layersOf(model: LayersModel): readonly layers.Layer[] {
  const found: layers.Layer[] = []
  visitLayers(model.layers, { prefix: '', frozen: false }, (layer) => found.push(layer))
  return found
}
