import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../internal/check-model.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkFinite, checkIndex, required } from '../internal/option-checks.js'
import { modelEnding } from '../layer-kinds/model-ending.js'
import type { Certificate } from './certificate.js'
import { checkCertificate, checkLabel } from './check-certificate.js'

/** The score from which on a sample counts as positive. */
export interface DecisionThreshold {
  /**
   * Positive if and only if score >= threshold, in the unit of the scores: log-odds if `certify`
   * chose it.
   */
  readonly threshold: number
  /** Class that the score is of. */
  readonly positiveClass: number
  /** Column of a head with several labels a sample. @default a sample has one class */
  readonly label?: number
  /** The certificate that the threshold comes from. */
  readonly certificate?: Certificate
}

const checks: OptionChecks<DecisionThreshold> = {
  threshold: required(checkFinite),
  positiveClass: required(checkIndex),
  label: checkIndex,
  certificate: anything,
}

/** Place of the library's entries in a model's user-defined metadata. */
const KEY = 'tfjs-prune'

/**
 * Stores a decision threshold in the model's metadata, where it survives `save` and
 * `loadLayersModel`.
 *
 * Other entries of the user-defined metadata stay. The model's outputs do not change: compare its
 * scores with the threshold that {@link decisionThreshold} gives back.
 *
 * @param model Any LayersModel.
 * @param decision The threshold, the positive class and, if there is one, the certificate.
 * @throws {TypeError} If `model` is no model, or something is of the wrong type.
 * @throws {RangeError} If the threshold is not finite, the class is no index, the certificate
 *   contradicts itself, or it accepts no round or another threshold or class.
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
  checkFits(model, decision, task)
  // Through JSON, as a file would hold it: no reference to the caller's objects is left.
  const copy = JSON.parse(JSON.stringify(decision))
  const own = metadata[KEY] as Readonly<Record<string, unknown>> | undefined
  model.setUserDefinedMetadata({ ...metadata, [KEY]: { ...own, decisionThreshold: copy } })
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
  const own = metadataOf(model, task)[KEY] as Readonly<Record<string, unknown>> | undefined
  const decision: unknown = own?.decisionThreshold
  if (decision === undefined) return undefined
  checkDecision(decision, task)
  return structuredClone(decision)
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

function checkDecision(decision: unknown, task: string): asserts decision is DecisionThreshold {
  checkOptions(decision as DecisionThreshold, { task, checks })
  const { threshold, positiveClass, label, certificate } = decision as DecisionThreshold
  checkLabel(decision as DecisionThreshold, task)
  if (certificate === undefined) return
  checkCertificate(certificate, task)
  const { accepted } = certificate
  if (!accepted)
    throw new RangeError(
      `Cannot ${task}: expected a certificate that accepts a round, got a refused one`,
    )
  if (accepted.threshold !== threshold) {
    throw new RangeError(
      `Cannot ${task}: expected the certified threshold ${accepted.threshold}, got ${threshold}`,
    )
  }
  for (const [name, wanted, got] of [
    ['positiveClass', certificate.positiveClass, positiveClass],
    ['label', certificate.label, label],
  ] as const) {
    if (wanted === got) continue
    const certified = `the certified ${wanted ?? 'none'} as ${name}`
    throw new RangeError(`Cannot ${task}: expected ${certified}, got ${got ?? 'none'}`)
  }
}
