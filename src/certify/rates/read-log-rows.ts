import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelOutput } from '../../internal/model-output.js'
import { type LogRows, logRows } from '../../training/log-rows.js'
import { countRows, readInputs } from '../../training/model-inputs.js'
import { predictRows } from '../../training/predict-rows.js'
import type { ArrayData } from '../../types.js'

/** Samples without labels, in memory. */
export type UnlabelledData = Pick<ArrayData, 'xs'>

/** How a model is run on samples. */
export interface Running {
  readonly task: string
  readonly output: ModelOutput
  readonly batchSize?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Number of samples. Throws unless `data` are inputs in memory, at least one. */
export function countInputs(
  data: UnlabelledData,
  { task, name }: { readonly task: string; readonly name: string },
): number {
  if (typeof data !== 'object' || data === null)
    throw new TypeError(`Cannot ${task}: expected ${name} as { xs }, got ${String(data)}`)
  const other = Object.keys(data).find((key) => key !== 'xs')
  if (other !== undefined)
    throw new TypeError(`Cannot ${task}: expected ${name} as { xs } and nothing else, got ${other}`)
  const samples = countRows(readInputs(data.xs, task), task)
  if (samples > 0) return samples
  throw new RangeError(`Cannot ${task}: expected ${name} samples, got none`)
}

/** Logits, or logarithms of probabilities, of all classes: one row a sample. */
export async function readLogRows(
  model: LayersModel,
  { xs, samples }: UnlabelledData & { readonly samples: number },
  { task, output, batchSize, signal }: Running,
): Promise<LogRows> {
  const outputs = await predictRows(model, { task, xs, samples, batchSize, signal })
  return logRows(outputs, { samples, output })
}
