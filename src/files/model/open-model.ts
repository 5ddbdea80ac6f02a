import { isLayersModel, type ModelSource } from '../../artifacts/model-source.js'
import { readArtifacts } from '../../artifacts/read-artifacts.js'
import { bindMask } from '../../masks/check-mask.js'
import type { Mask } from '../../masks/mask.js'
import { openArtifacts } from './open-artifacts.js'
import { openLayers } from './open-layers.js'
import type { OpenedModel } from './opened-model.js'

interface OpenOptions {
  readonly mask?: Mask | undefined
  /** The task of the caller, for messages. */
  readonly task: string
}

/**
 * Reads a model of any source for some work; the model is not changed. Throws where the mask does
 * not fit.
 */
export async function whileOpen<T>(
  source: ModelSource,
  { mask, task }: OpenOptions,
  work: (opened: OpenedModel) => Promise<T>,
): Promise<T> {
  const opened = isLayersModel(source)
    ? await openLayers(source, task)
    : openArtifacts(await readArtifacts(source, task), task)
  try {
    if (mask !== undefined) bindMask(opened.weights, mask)
    return await work({ ...opened, mask })
  } finally {
    opened.close()
  }
}

/** Number of elements of all weights. */
export function countElements({ weights }: OpenedModel): number {
  return weights.reduce((sum, { size }) => sum + size, 0)
}
