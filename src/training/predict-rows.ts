import { concat, dispose, slice, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { resetStates } from '../internal/model-states.js'
import { firstNonFinite } from '../internal/weight-values.js'
import type { ArrayData } from '../types.js'
import { checkAlive } from './check-alive.js'
import { checkFinite } from './check-finite.js'
import { checkOneOutput } from './check-one-output.js'
import { batchSizeOf } from './fixed-batch.js'
import { inputsFor, openInputs } from './model-inputs.js'

interface Request {
  readonly task: string
  readonly xs: ArrayData['xs']
  /** Number of samples from the first on. */
  readonly samples: number
  /** @default 256, or the model's own */
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The outputs of a model for the first samples, in flat order: one row a sample. */
export async function predictRows(
  model: LayersModel,
  { task, xs, samples, batchSize: asked, signal }: Request,
): Promise<ArrayLike<number>> {
  checkOneOutput(model, task)
  const batchSize = batchSizeOf(model, { task, samples, batchSize: asked, usual: 256 })
  const opened = openInputs(xs, task)
  const made: Tensor[] = [...opened.made]
  try {
    const all = inputsFor(model, opened, task)
    const parts: Tensor[] = []
    resetStates(model)
    for (let start = 0; start < samples; start += batchSize) {
      for (const input of all) checkAlive(input, { task, name: 'xs' })
      const size = Math.min(batchSize, samples - start)
      const rows = all.map((input) => slice(input, start, size))
      made.push(...rows)
      parts.push(model.predict(rows.length === 1 ? rows[0]! : rows, { batchSize }) as Tensor)
      made.push(parts.at(-1)!)
      dispose(rows)
      await giveTurn()
      signal?.throwIfAborted()
    }
    const outputs = concat(parts)
    made.push(outputs)
    const values = await readOutputs(outputs, task)
    if (firstNonFinite(values) < 0) await checkFinite(all, { task })
    return values
  } finally {
    for (const one of made) one.dispose()
    resetStates(model)
  }
}

/** The outputs of a model that are rows. */
export async function readOutputs(outputs: Tensor, task: string): Promise<ArrayLike<number>> {
  if (outputs.rank <= 2) return outputs.data()
  const got = `[${outputs.shape.join(', ')}]`
  throw new TypeError(
    `Cannot ${task}: expected outputs of shape [n], [n, 1] or [n, classes], got ${got}`,
  )
}
