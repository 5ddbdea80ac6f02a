import type { io } from '@tensorflow/tfjs-core'
import {
  type ComputeMaskOptions,
  globally,
  type Mask,
  nOfM,
  pruneWeights,
  type SelectableWeight,
  type SkippedLayer,
  selectWeights,
  UnmatchedSelector,
  units,
} from 'tfjs-prune'
import type { ModelKind } from '../models/model-kind.js'
import { layersOf } from '../models/open-layers.js'
import { type OpenedModel, openModel } from '../models/open-model.js'
import { artifactsOf } from '../outputs/artifacts-of.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { checkFree } from '../outputs/check-free.js'
import { checkType, saveModel } from '../outputs/save-model.js'
import { notMeasured } from '../terminal/misses.js'
import { WrongUse } from '../terminal/wrong-use.js'
import type { OutputOptions } from './work-options.js'

/** Options of {@link prune}. */
export interface PruneOptions extends OutputOptions {
  /** Share of the prunable weights that stays, in (0, 1]. */
  readonly density: number
  /** Lets layers lose different shares: the largest weights of all layers stay. @default false */
  readonly global?: boolean | undefined
  /** Prunes whole units and filters; for models of layers. @default false */
  readonly units?: boolean | undefined
  /** Keeps some of each so many weights in a row, such as 4. @default none */
  readonly cells?: number | undefined
  /** Names of layers or weights to prune. @default all kernels */
  readonly include?: readonly string[] | undefined
  /** Names of layers or weights to leave whole. @default none */
  readonly exclude?: readonly string[] | undefined
  /** How each value is stored. @default 'float32' */
  readonly type?: string | undefined
}

/** The outcome of {@link prune}: plain data. */
export interface Pruned extends Pick<Mask, 'parameters' | 'size' | 'kept'> {
  readonly model: string
  readonly kind: ModelKind
  readonly output: string
  readonly type: string
  readonly density: number
  readonly densityOverAll: number
  readonly weights: readonly (Pick<Mask['weights'][number], 'name' | 'shape' | 'kept'> & {
    readonly size: number
    readonly density: number
  })[]
  /** Layers that were left whole, and why. */
  readonly skipped: readonly SkippedLayer[]
  readonly before?: number
  readonly after: number
  readonly misses: string
}

/** Prunes a model once, by magnitude and without training, and saves it. */
export async function prune(
  model: string,
  output: string,
  { force, type = 'float32', onProgress, signal, ...how }: PruneOptions,
): Promise<Pruned> {
  checkType(output, type)
  await checkFree(output, { force })
  const opened = await openModel(model)
  const before = await bytesAtPlace(model)
  const { mask, artifacts, skipped } = await (how.units
    ? pruneUnits(opened, how)
    : pruneElements(opened, how, signal)
  ).catch(refuseNames)
  const after = await saveModel(artifacts, output, { type, onProgress, signal })
  const { weights, ...counts } = mask
  const sizes = { ...(before !== undefined && { before }), after }
  const facts = { model, kind: opened.kind, output, type, misses: notMeasured }
  return { ...facts, ...counts, ...sizes, skipped, weights: weights.map(statisticsOf) }
}

type How = Omit<PruneOptions, 'force' | 'type' | 'onProgress' | 'signal'>

interface PrunedModel extends Pick<Pruned, 'skipped'> {
  readonly mask: Mask
  readonly artifacts: io.ModelArtifacts
}

async function pruneElements(
  { artifacts }: OpenedModel,
  how: How,
  signal: AbortSignal | undefined,
): Promise<PrunedModel> {
  const cells = how.cells === undefined ? undefined : inCells(how, how.cells)
  const options = { ...stepOf(how), ...cells?.step, ...(signal && { signal }) }
  const { report, ...pruned } = await pruneWeights(artifacts, options)
  return { ...pruned, skipped: [...report.skipped, ...(cells?.skipped.values() ?? [])] }
}

/**
 * Pruning in cells. Weights that have none, such as depthwise kernels, are left whole unless the
 * caller names them.
 */
function inCells({ include, exclude = [] }: How, cells: number) {
  const granularity = nOfM({ of: cells })
  const skipped = new Map<string, SkippedLayer>()
  const hasNoCells = (weight: SelectableWeight) => {
    try {
      granularity.grains(weight)
      return false
    } catch {
      const { name: layer, className } = weight
      skipped.set(layer, { layer, className, reason: 'it does not sum over its inputs' })
      return true
    }
  }
  const select = include ? { include, exclude } : { exclude: [...exclude, hasNoCells] }
  return { step: { granularity, select }, skipped }
}

async function pruneUnits(opened: OpenedModel, how: How): Promise<PrunedModel> {
  const layers = await layersOf(opened, 'prune units')
  try {
    const step = stepOf(how)
    // A unit of the last layer is a class: it goes only where the caller names the layer.
    const select = { ...step.select, ...(!how.include && { keepLastLayer: true }) }
    const { skipped } = selectWeights(layers, select)
    const mask = await pruneWeights(layers, { ...step, select, granularity: units() })
    return { mask, skipped, artifacts: await artifactsOf(layers) }
  } finally {
    layers.dispose()
  }
}

/** Names that the model does not have are wrong use, as an unknown option is. */
function refuseNames(error: unknown): never {
  if (error instanceof UnmatchedSelector) throw new WrongUse(error.message, { cause: error })
  throw error
}

function stepOf({ density, global, include, exclude }: How) {
  const select = { ...(include && { include }), ...(exclude && { exclude }) }
  return {
    density,
    ...(global && { allocate: globally() }),
    ...((include || exclude) && { select }),
  } satisfies ComputeMaskOptions
}

function statisticsOf({ name, shape, kept, values }: Mask['weights'][number]) {
  return { name, shape, kept, size: values.length, density: kept / values.length }
}
