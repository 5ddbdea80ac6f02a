import { getBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOpened } from '../internal/check-opened.js'
import type { Engine, OpenEngine } from '../types.js'

/** Asks an engine, if there is one, to run a model. Throws unless it opens something. */
export async function openModelEngine(
  engine: Engine | undefined,
  { model, task }: { readonly model: LayersModel; readonly task: string },
): Promise<OpenEngine | undefined> {
  if (!engine) return undefined
  const opened = await engine.open(model, { backend: getBackend() })
  checkOpened(opened, { task, opener: 'open of the engine', methods: ['dispose'] })
  return opened
}
