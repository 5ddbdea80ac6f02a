import { type DecisionThreshold, METADATA_KEY, storedDecision } from '../certify/stored-decision.js'
import { describe } from '../internal/describe.js'
import { onnxFileError } from './file/onnx-file-error.js'
import { readMetadata } from './file/read-metadata.js'

/**
 * Reads the decision threshold that `toOnnx` wrote into a file, where the model had one. The
 * function of this name in `tfjs-prune/certify` reads that of a model.
 *
 * Scores of a runtime are compared with it as those of the model are: they are log-odds if
 * `certify` chose it.
 *
 * @param file The bytes of an ONNX file.
 * @returns The threshold, its class and its certificate; undefined when the file has none.
 * @throws {TypeError} If `file` is no Uint8Array.
 * @throws {RangeError} If the bytes are no ONNX file or end too early, or the threshold is broken.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { setDecisionThreshold } from 'tfjs-prune/certify'
 * import { decisionThreshold, toOnnx } from 'tfjs-prune/onnx'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * setDecisionThreshold(model, { threshold: -1.5, positiveClass: 1 })
 * const file = await toOnnx(model)
 * if (decisionThreshold(file)?.threshold !== -1.5) throw new Error('it travels in the file')
 * ```
 */
export function decisionThreshold(file: Uint8Array): DecisionThreshold | undefined {
  const task = 'read the decision threshold'
  if (!(file instanceof Uint8Array))
    throw new TypeError(`Cannot ${task}: expected a Uint8Array, got ${describe(file)}`)
  const text = readMetadata(file, task)[METADATA_KEY]
  return text === undefined ? undefined : storedDecision(parsed(text, task), task)
}

function parsed(text: string, task: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw onnxFileError(task, `one without JSON at ${METADATA_KEY} of its metadata`, cause)
  }
}
