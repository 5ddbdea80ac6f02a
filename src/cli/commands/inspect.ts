import { type SizeReport, sizeReport } from 'tfjs-prune/files'
import { type ModelInput, modelInputs } from '../models/model-inputs.js'
import type { ModelKind } from '../models/model-kind.js'
import { openModel } from '../models/open-model.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { missesOfSizes } from '../terminal/misses.js'
import type { WorkOptions } from './work-options.js'

/** The facts about a saved model: plain data. */
export interface Inspection extends SizeReport {
  readonly model: string
  readonly kind: ModelKind
  /** Names and shapes of the inputs, as far as the topology tells them. */
  readonly inputs: readonly ModelInput[]
  /** Bytes of its files as they are; left out for a URL. */
  readonly bytes?: number
  /** Whether misses were measured, in words. */
  readonly misses: string
}

/** Reads a saved model and measures it in every form of file. */
export async function inspect(
  model: string,
  { onProgress, signal }: WorkOptions = {},
): Promise<Inspection> {
  const { kind, artifacts } = await openModel(model)
  const report = await sizeReport(artifacts, {
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  })
  const bytes = await bytesAtPlace(model)
  const facts = { model, kind, inputs: modelInputs(artifacts) }
  return { ...facts, ...(bytes !== undefined && { bytes }), misses: missesOfSizes, ...report }
}
