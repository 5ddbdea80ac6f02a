import { checkOptions } from '../internal/check-options.js'
import { countClasses } from '../metrics/predictions.js'
import type { Audit, ClassHarm, GroupHarm } from './audit.js'
import {
  type AuditOutcomesOptions,
  auditChecks,
  checkGroupLengths,
  namesOf,
} from './audit-options.js'
import { type AuditedNetwork, auditedNetwork } from './audited-network.js'
import { USUAL_BINS } from './calibration-error.js'
import { checkOutcomes, type Populations, paired, task } from './check-outcomes.js'
import { exemplarsOf } from './exemplars.js'
import { type Audited, harmOf } from './harm-of.js'
import { notesOf } from './notes-of.js'
import type { Outcomes } from './outcomes.js'
import { rankCorrelations } from './rank-correlations.js'
import { recallDistortion } from './recall-distortion.js'
import { withImpact } from './with-impact.js'

/**
 * Audits the harm of pruning from the outcomes of dense and pruned networks on the same samples:
 * who pays for it, and whether that is beyond chance.
 *
 * Several networks a side are seeds of one setting, paired by their places: intervals and tests
 * then speak of new trainings. With one pair they speak of new samples, and no class can be told to
 * be hit unlike the average. Pure; `auditHarm` is its sibling that runs models, `auditRounds` the
 * one that reads finished rounds. The parts of the answer:
 *
 * - `byClass`, `groups`, `overall`: recall with its interval, the change against dense, calibration
 *   error and distance to the boundary;
 * - `impact` of a part: Welch's t-test of recall less accuracy, with Holm's correction (Hooker et
 *   al.'s compression-identified classes);
 * - `exemplars`: the samples whose modal prediction changes (pruning-identified exemplars);
 * - `distortion`: B_c = (recall_c - accuracy) / accuracy, and the ratio by which pruning spreads it;
 * - `correlations`: Spearman's over the mean probabilities of each sample, for three classes or more.
 *
 * @param dense Outcomes of a dense network, or of several.
 * @param pruned Outcomes of its pruned network, or of as many: each beside the dense one at its
 *   place.
 * @param options Groups, confidence, the classes and the bins of calibration.
 * @returns The audit: plain data that goes through JSON. Null is a number that is not told or not
 *   defined; `notes` has the reasons.
 * @throws {TypeError} If outcomes lack labels or predictions, lengths differ, something is not a
 *   number or a group holds something else than texts, or an option does not exist.
 * @throws {RangeError} If there is no sample, the sides differ in number, networks in samples or
 *   labels, a label or prediction is no class index, a score is not finite, or a group has too few
 *   texts.
 * @see Hooker, Courville, Clark, Dauphin, Frome: What do compressed deep neural networks forget?
 *   arXiv 1911.05248, 2019.
 * @see Good et al.: Recall distortion in neural network pruning and the undecayed pruning
 *   algorithm. NeurIPS 2022.
 * @see Holste et al.: How does pruning impact long-tailed multi-label medical image classifiers?
 *   MICCAI 2023.
 *
 * @example
 * ```ts
 * import { auditOutcomes } from 'tfjs-prune/audit'
 *
 * const labels = [0, 0, 0, 0, 1, 1]
 * const dense = { labels, predictions: [0, 0, 0, 1, 1, 1] }
 * const pruned = { labels, predictions: [0, 0, 0, 0, 1, 0] }
 * const { byClass, mostHarmed, exemplars } = auditOutcomes(dense, pruned)
 * if (mostHarmed !== 1 || byClass[1]?.difference !== -0.5) throw new Error('class 1 loses a half')
 * if (exemplars.map(({ sample }) => sample).join() !== '3,5') throw new Error('two samples change')
 * ```
 */
export function auditOutcomes(
  dense: Outcomes | readonly Outcomes[],
  pruned: Outcomes | readonly Outcomes[],
  options: AuditOutcomesOptions = {},
): Audit {
  checkOptions(options, { task, checks: auditChecks })
  const { groups = {}, confidence = 0.95, bins = USUAL_BINS } = options
  const sides = paired(dense, pruned)
  checkOutcomes(sides, options.classes)
  const { labels } = sides.dense[0]!
  checkGroupLengths(groups, labels.length)
  const classes = classesOf(sides, options.classes)
  const classNames = namesOf(options.classNames, classes)
  const audited = lookAt(sides, { classes, confidence, bins })
  const exemplars = exemplarsOf(
    audited.dense.map(({ predictions }) => predictions),
    audited.pruned.map(({ predictions }) => predictions),
    { labels, classes },
  )
  const seen: Audited = { ...audited, changed: new Set(exemplars.map(({ sample }) => sample)) }
  const everywhere = Uint32Array.from({ length: labels.length }, (_, i) => i)
  const parts = classPlaces(everywhere, labels, classes)
  const byClass = withImpact(classHarms(seen, everywhere, parts), parts, seen)
  return {
    ...{ version: 1, pairs: sides.dense.length, samples: labels.length, confidence, classNames },
    overall: harmOf(seen, { places: everywhere }),
    byClass,
    ...extremesOf(byClass),
    distortion: distortionOf(seen, parts),
    exemplars,
    correlations: correlationsOf(seen),
    groups: Object.fromEntries(
      Object.entries(groups).map(([name, texts]) => [name, groupHarms(seen, texts)]),
    ),
    notes: notesOf(seen, byClass, classNames),
  }
}

function classesOf({ dense, pruned }: Populations, asked: number | undefined): number {
  const all = [...dense, ...pruned]
  const told = all.flatMap(({ labels, predictions }) => [labels, predictions])
  const columns = all.flatMap(({ labels, logits }) =>
    logits ? [logits.length / labels.length] : [],
  )
  const found = Math.max(2, countClasses(task, ...told), ...columns)
  const scored = all.find(({ positiveClass = 0 }) => positiveClass >= (asked ?? found))
  const wrong = columns.find((one) => one !== (asked ?? found))
  if (scored) {
    const wanted = `positiveClass below the ${asked ?? found} classes`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${scored.positiveClass}`)
  }
  if (wrong === undefined) return asked ?? found
  const wanted = `a logit for each of ${asked ?? found} classes`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${wrong} a sample`)
}

function lookAt(sides: Populations, settings: Pick<Audited, 'classes' | 'confidence' | 'bins'>) {
  const look = (networks: readonly Outcomes[]) =>
    networks.map((one) => auditedNetwork(one, settings.classes))
  return { dense: look(sides.dense), pruned: look(sides.pruned), ...settings }
}

function classPlaces(places: Uint32Array, labels: ArrayLike<number>, classes: number) {
  return Array.from({ length: classes }, (_, one) => places.filter((i) => labels[i] === one))
}

function classHarms(seen: Audited, among: Uint32Array, parts: readonly Uint32Array[]): ClassHarm[] {
  return parts.map((places, index) => ({
    class: index,
    ...harmOf(seen, { places, calibrated: { class: index, among } }),
  }))
}

function groupHarms(seen: Audited, texts: readonly string[]): GroupHarm[] {
  const values = [...new Set(texts)].sort()
  const parts = values.map((value) =>
    Uint32Array.from(texts.flatMap((text, i) => (text === value ? [i] : []))),
  )
  const { labels } = seen.dense[0]!
  const harms = parts.map((places, i) => ({
    value: values[i]!,
    ...harmOf(seen, { places }),
    byClass: classHarms(seen, places, classPlaces(places, labels, seen.classes)),
  }))
  return withImpact(harms, parts, seen)
}

function extremesOf(byClass: readonly ClassHarm[]) {
  const judged = byClass.filter(({ samples }) => samples > 0)
  const lowest = (value: (harm: ClassHarm) => number) =>
    judged.reduce((least, harm) => (value(harm) < value(least) ? harm : least))
  const hit = lowest(({ difference }) => difference!)
  return {
    worstClass: {
      dense: lowest(({ dense }) => dense.recall!).class,
      pruned: lowest(({ pruned }) => pruned.recall!).class,
    },
    mostHarmed: hit.difference! < 0 ? hit.class : null,
    impactedClasses: byClass.filter(({ impact }) => impact?.isBeyondChance).map((one) => one.class),
  }
}

function distortionOf({ dense, pruned, confidence }: Audited, parts: readonly Uint32Array[]) {
  const recallsOf = ({ labels, predictions }: AuditedNetwork) => {
    const right = (places: Uint32Array) => places.filter((i) => predictions[i] === labels[i]).length
    const found = parts.map(right)
    return {
      recalls: parts.map(({ length }, i) => (length === 0 ? null : found[i]! / length)),
      accuracy: found.reduce((sum, count) => sum + count, 0) / labels.length,
    }
  }
  return recallDistortion(dense.map(recallsOf), pruned.map(recallsOf), confidence)
}

function correlationsOf({ dense, pruned, classes }: Audited) {
  const [before, after] = [dense, pruned].map((networks) => meanProbabilities(networks, classes))
  if (classes < 3 || !before || !after) return null
  return rankCorrelations(before, after, dense[0]!.labels)
}

/** Mean over the networks, by class; undefined where one does not tell them all. */
function meanProbabilities(networks: readonly AuditedNetwork[], classes: number) {
  if (networks.some(({ probabilities }) => probabilities.includes(undefined))) return undefined
  const { length } = networks[0]!.labels
  return Array.from({ length: classes }, (_, one) =>
    Float64Array.from({ length }, (_, i) => {
      const sum = networks.reduce((total, network) => total + network.probabilities[one]![i]!, 0)
      return sum / networks.length
    }),
  )
}
