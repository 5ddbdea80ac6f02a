import { concat, dispose, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { openStates } from '../internal/model-states.js'
import { watchWeights } from '../internal/watch-weights.js'
import { firstNonFinite } from '../internal/weight-values.js'
import type { ArrayData, OpenEngine } from '../types.js'
import { checkOneOutput, readOutputs } from './check-outputs.js'
import { batchSizeOf } from './fixed-batch.js'
import { openRows } from './input-rows.js'
import { runModel } from './run-model.js'

interface Request {
  readonly task: string
  readonly xs: ArrayData['xs']
  /** Number of samples from the first on. */
  readonly samples: number
  /** @default 256, or the model's own */
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Gives one row a sample for a batch of inputs. @default the model's outputs */
  readonly predict?: (inputs: Tensor[]) => Tensor
  /** Runs the model. @default tfjs */
  readonly engine?: OpenEngine | undefined
}

/** The outputs of a model for the first samples, in flat order: one row a sample. */
export async function predictRows(
  model: LayersModel,
  { task, xs, samples, batchSize: asked, signal, engine, ...ways }: Request,
): Promise<ArrayLike<number>> {
  checkOneOutput(model, task)
  const batchSize = batchSizeOf(model, { task, samples, batchSize: asked, usual: 256 })
  const inputs = openRows(xs, { model, task })
  const run = (rows: Tensor[]) =>
    runModel(model, rows, { engine, batchSize }).catch(async (error) => {
      if (engine) await inputs.check() // says more about an input that the engine refused
      throw error
    })
  const { predict = run } = ways
  const parts: Tensor[] = []
  let close: (() => void) | undefined
  // A way of the caller's may give the model other weights for each batch.
  const checkSame = ways.predict ? () => {} : watchWeights(model, task)
  try {
    close = openStates(model, task)
    for (let start = 0; start < samples; start += batchSize) {
      const end = Math.min(start + batchSize, samples)
      const rows = tidy(() => inputs.part(start, end - start))
      try {
        parts.push(await predict(rows))
      } finally {
        dispose(rows)
      }
      await giveTurn()
      signal?.throwIfAborted()
      checkSame()
    }
    const outputs = concat(parts)
    parts.push(outputs)
    const values = ways.predict
      ? await outputs.data()
      : await readOutputs(outputs, { model, samples, task })
    if (firstNonFinite(values) < 0) await inputs.check()
    return values
  } finally {
    dispose(parts)
    inputs.dispose()
    close?.()
  }
}
