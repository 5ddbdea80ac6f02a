import { getBackend, type Optimizer } from '@tensorflow/tfjs-core'
import { checkOpened } from '../internal/check-opened.js'
import type { OpenTraining, TrainingContext } from '../types.js'
import type { FitOptions } from './fit-options.js'

/** Asks the engine of the options, if there is one, to train the model of a round. */
export async function openEngine(
  { engine, clipNorm }: FitOptions,
  { model, kept = new Map(), isWatched = false }: TrainingContext,
  optimizer: Optimizer,
): Promise<OpenTraining | undefined> {
  const facts = { backend: getBackend(), kept, optimizer, clipNorm, isWatched }
  if (!engine) return undefined
  const opened = await engine.openTraining(model, facts)
  checkOpened(opened, { task: 'train', opener: 'openTraining of the engine', methods: ['dispose'] })
  return opened
}

/** A context whose checkpoint finds the weights of the engine in the model. */
export function saving(context: TrainingContext, work: OpenTraining['work']): TrainingContext {
  const { capture } = context
  if (!work || !capture || !('step' in capture)) return context
  return {
    ...context,
    checkpoint: async (at) => {
      if (at.step === capture.step) await work.save()
      await context.checkpoint(at)
    },
  }
}
