import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { modelEnding } from '../layer-kinds/model-ending.js'
import { checkOneOutput } from '../training/check-outputs.js'
import { checkFingerprint } from './check-certified.js'
import {
  checkDecision,
  type DecisionThreshold,
  METADATA_KEY,
  storedDecision,
} from './stored-decision.js'
import { weightsFingerprintNow } from './weights-fingerprint.js'

export type { DecisionThreshold }

/**
 * Stores a decision threshold in the model's metadata, where it survives `save` and
 * `loadLayersModel`.
 *
 * Other entries of the user-defined metadata stay. The model's outputs do not change: compare its
 * scores with the threshold that {@link decisionThreshold} gives back.
 *
 * @param model Any LayersModel.
 * @param decision The threshold, the positive class and, if there is one, the certificate.
 * @throws {TypeError} If `model` is no model or has several outputs, or something is of the wrong type.
 * @throws {RangeError} If the threshold is not finite, the class is no index, the certificate
 *   contradicts itself, it accepts no round or another threshold or class, or it names other
 *   weights than the model has now: that of a file of fewer bits goes to `saveCompressed` by its
 *   option `decision`.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { decisionThreshold, setDecisionThreshold } from 'tfjs-prune/certify'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * setDecisionThreshold(model, { threshold: -1.5, positiveClass: 1 })
 * if (decisionThreshold(model)?.threshold !== -1.5) throw new Error('it is stored')
 * ```
 */
export function setDecisionThreshold(model: LayersModel, decision: DecisionThreshold): void {
  const task = 'set the decision threshold'
  const metadata = metadataOf(model, task)
  checkDecision(decision, task)
  checkOneOutput(model, task)
  checkFits(model, decision, task)
  checkWeights(model, decision, task)
  // Through JSON, as a file would hold it: no reference to the caller's objects is left.
  const copy = JSON.parse(JSON.stringify(decision))
  const own = metadata[METADATA_KEY] as Readonly<Record<string, unknown>> | undefined
  model.setUserDefinedMetadata({ ...metadata, [METADATA_KEY]: { ...own, decisionThreshold: copy } })
}

/**
 * Reads the decision threshold that {@link setDecisionThreshold} stored, in this process or before
 * the model was saved.
 *
 * @param model Any LayersModel.
 * @returns The threshold, its class and its certificate; undefined when the model has none.
 * @throws {TypeError | RangeError} If `model` is no model, or the stored threshold is broken.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { decisionThreshold } from 'tfjs-prune/certify'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * if (decisionThreshold(model) !== undefined) throw new Error('a new model has none')
 * ```
 */
export function decisionThreshold(model: LayersModel): DecisionThreshold | undefined {
  const task = 'read the decision threshold'
  return storedDecision(metadataOf(model, task)[METADATA_KEY], task)
}

/** Throws if the certificate names other weights than those that the model has. */
function checkWeights(model: LayersModel, { certificate }: DecisionThreshold, task: string): void {
  if (certificate?.accepted?.fingerprint === undefined) return
  checkFingerprint(certificate, { task, got: weightsFingerprintNow(model) })
}

/** Throws unless the model has the class, or the label. */
function checkFits(
  model: LayersModel,
  { positiveClass, label }: DecisionThreshold,
  task: string,
): void {
  const columns = Number(model.outputs[0]?.shape.at(-1))
  if (label === undefined && columns > 1 && modelEnding(model).kind === 'sigmoid')
    throw new RangeError(`Cannot ${task}: expected label, one of ${columns} sigmoids, got none`)
  const [name, value, count, things] =
    label === undefined
      ? ['positiveClass', positiveClass, Math.max(columns, 2), 'classes']
      : ['label', label, Math.max(columns, 1), 'outputs']
  if ((value as number) < (count as number)) return
  const wanted = `${name} to be below the ${count} ${things} of the model`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${value}`)
}

function metadataOf(model: LayersModel, task: string): Readonly<Record<string, unknown>> {
  checkModel(model, task)
  return { ...model.getUserDefinedMetadata() }
}
