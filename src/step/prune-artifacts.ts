import { type io, type Tensor, tensor, type Variable, variable } from '@tensorflow/tfjs-core'
import { type ArtifactWeight, artifactWeights } from '../artifacts/artifact-weights.js'
import { decodedValues } from '../artifacts/decoded-values.js'
import { measuredArtifacts } from '../artifacts/measured-artifacts.js'
import type { ArtifactSource } from '../artifacts/model-source.js'
import { prunedArtifacts } from '../artifacts/pruned-artifacts.js'
import { readArtifacts } from '../artifacts/read-artifacts.js'
import { missesOf } from '../internal/class-outcomes.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import type { Mask } from '../masks/mask.js'
import { maskStatistics } from '../masks/mask-statistics.js'
import { type SkippedLayer, unknownReason } from '../select/prunable-weights.js'
import type { PrunableVariable, ResolvedWeights } from '../select/resolve-model.js'
import { chooseWeights } from '../select/select-weights.js'
import type { Evaluation, WeightStatistics } from '../types.js'
import { checkedArtifactsOptions, type PruneArtifactsOptions } from './prune-artifacts-options.js'
import { pruningStep } from './pruning-step.js'
import { task } from './step-options.js'

/** The counts of a pruned model without layers, and its misses where they were measured. */
export interface ArtifactsReport
  extends Pick<Mask, 'parameters' | 'size' | 'kept' | 'density' | 'densityOverAll'> {
  /** Per weight that may be pruned: size, kept, density. */
  readonly weights: readonly WeightStatistics[]
  /** Kernels that are 0 throughout: they stay so, and are not among the weights. */
  readonly zero: readonly string[]
  /** Layers of classes that are not known: they are left whole. Empty for a graph. */
  readonly skipped: readonly SkippedLayer[]
  /** The misses before and after in words, or that they were not measured. */
  readonly misses: string
  /** Evaluations before and after, with `evaluate`. */
  readonly evaluations?: { readonly before: Evaluation; readonly after: Evaluation }
}

/** A pruned model without layers: plain data. */
export interface PrunedArtifacts {
  /** The artifacts of the source with zeros; `io.fromMemory` loads them, any handler saves them. */
  readonly artifacts: io.ModelArtifacts
  readonly mask: Mask
  readonly report: ArtifactsReport
}

/** Prunes the artifacts of a source; the source stays as it is. */
export async function pruneArtifacts<S extends ArtifactSource>(
  source: S,
  options: PruneArtifactsOptions<S>,
): Promise<PrunedArtifacts> {
  const own = checkedArtifactsOptions(options as PruneArtifactsOptions) as typeof options
  const { select, evaluate, ...step } = own
  const whole = await readArtifacts(source, task)
  const weights = artifactWeights(whole, task)
  const { zero, skipped, ...resolved } = await resolveArtifacts(weights, select)
  const mask = await pruningStep(resolved, step)
    .then(({ mask: made }) => made)
    .finally(() => {
      for (const one of resolved.prunable) one.variable.dispose()
    })
  const artifacts = await prunedArtifacts(whole, weights, mask.weights)
  const { weights: _, ...counts } = mask
  const report = { ...counts, weights: maskStatistics(mask), zero, skipped }
  if (!evaluate) {
    const misses = 'not measured: evaluate counts them before and after'
    return { artifacts, mask, report: { ...report, misses } }
  }
  const measured = measuredArtifacts(source, evaluate, task)
  const before = await measured.original()
  const after = await measured.loaded(async () => artifacts)
  const misses = missesInWords(before, after)
  return { artifacts, mask, report: { ...report, misses, evaluations: { before, after } } }
}

/** The weights that may be pruned, decoded; the caller disposes their variables. */
async function resolveArtifacts(
  weights: readonly ArtifactWeight[],
  select: PruneArtifactsOptions['select'],
): Promise<ResolvedWeights & Pick<ArtifactsReport, 'zero' | 'skipped'>> {
  const values = new Map<ArtifactWeight, Float32Array>()
  const zero: string[] = []
  for (const kernel of weights.filter(isPrunable)) {
    const decoded = (await decodedValues(kernel)) as Float32Array
    if (decoded.every((value) => value === 0)) zero.push(kernel.name)
    else values.set(kernel, decoded)
  }
  const described = [...values.keys()]
  const left = weights
    .filter((weight) => !described.includes(weight))
    .map((weight) => ({ ...weight, reason: reasonOf(weight) }))
  const skipped = skippedLayers(weights)
  const chosen = chooseWeights({ described, skipped, left }, select ?? {})
  const prunable: PrunableVariable[] = []
  for (const { minimumKept, maximumKept, name } of chosen.weights) {
    const weight = described.find((one) => one.name === name)!
    const { layer, role, shape, size, className } = weight
    const place = { name, layer, role, shape, size, className }
    const held = {
      variable: variableOf(weight, values.get(weight)!),
      trainable: false,
      frozen: false,
    }
    prunable.push({ ...place, minimumKept, maximumKept, ...held })
  }
  const floats = weights.filter(({ spec }) => spec.dtype === 'float32')
  const parameters = floats.reduce((sum, { size }) => sum + size, 0)
  return { prunable, spared: [], parameters, zero, skipped }
}

function isPrunable({ use, shape, spec }: ArtifactWeight): boolean {
  return spec.dtype === 'float32' && (use === 'kernel' || (use === 'unknown' && shape.length > 1))
}

function isUnknown({ use, className }: ArtifactWeight): boolean {
  return use === 'other' && !registeredKind(className)
}

/** The layers of classes that are not known, each once. */
function skippedLayers(weights: readonly ArtifactWeight[]): SkippedLayer[] {
  const skipped = weights.filter(isUnknown).map(({ layer, className }) => {
    return { layer, className, reason: unknownReason(className) }
  })
  return [...new Map(skipped.map((one) => [one.layer, one])).values()]
}

function reasonOf(weight: ArtifactWeight): string {
  if (isUnknown(weight)) return unknownReason(weight.className)
  return isPrunable(weight) ? 'all of it is 0' : 'nothing multiplies with it or looks up in it'
}

function variableOf({ shape }: ArtifactWeight, values: Float32Array): Variable {
  const start: Tensor = tensor(values, [...shape], 'float32')
  const held = variable(start, false)
  start.dispose()
  return held
}

function missesInWords(before: Evaluation, after: Evaluation): string {
  const { positives, misses } = missesOf(after, undefined, task)
  const were = missesOf(before, undefined, task).misses
  return `${misses} of ${positives} positives are missed, ${were} before`
}
