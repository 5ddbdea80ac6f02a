import { dispose, type Tensor, Tensor as TensorClass, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import type { DatasetData } from '../types.js'
import { checkFinite } from './check-finite.js'
import { checkBatch } from './fixed-batch.js'
import { checkNumericLabels } from './labels.js'
import { asModelTakes, countRows, inputsFor, readInputs } from './model-inputs.js'
import { checkKeys } from './training-data.js'

/** A batch as the model takes it. Its reader disposes the tensors. */
export interface ModelBatch {
  readonly xs: Tensor[]
  readonly ys: Tensor
  /** The logits of a teacher, where they are known. */
  readonly logits?: Tensor
}

/** How a dataset is read. */
export interface Reading {
  readonly model: LayersModel
  readonly task: string
  /** Whether the dataset may go on for ever. @default false */
  readonly endless?: boolean
  /** Whether `ys` may be left out, since nobody looks at them. @default false */
  readonly unlabelled?: boolean
  /** Whether a reading before has looked for inputs that are not finite. @default false */
  readonly known?: boolean
}

/** Most batches in one reading of a dataset that does not tell its size. */
const MOST = 100_000

/** The batches of one reading, each checked against the model. */
export async function* readDataset(
  data: DatasetData,
  { endless = false, known = false, ...reading }: Reading,
): AsyncGenerator<ModelBatch> {
  const { task } = reading
  const most = endless || Number.isFinite(data.size) ? Number.POSITIVE_INFINITY : MOST
  if (!endless && data.size === Number.POSITIVE_INFINITY) throw tooLong(task, 'an endless one')
  const iterator = await data.iterator()
  let [batches, samples] = [0, 0]
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    const batch = batchOf(next.value, reading)
    try {
      if (++batches > most) throw tooLong(task, `more than ${MOST}`)
      if (!known) await checkFinite(batch.xs, { task, first: samples })
    } catch (error) {
      disposeBatch(batch)
      throw error
    }
    samples += batch.ys.shape[0]!
    yield batch
  }
}

/** Frees the tensors of a batch. */
export function disposeBatch({ xs, ys, logits }: ModelBatch): void {
  dispose([...xs, ys, ...(logits ? [logits] : [])])
}

function tooLong(task: string, got: string): RangeError {
  const remedy = 'end it by take(n) of tf.data, or tell fit its stepsPerEpoch'
  return new RangeError(
    `Cannot ${task}: expected a dataset that ends (after at most ${MOST} batches, or its own size), got ${got}: ${remedy}`,
  )
}

/** An element in new tensors, as the model takes it; the element is disposed. */
function batchOf(element: unknown, { model, task, unlabelled }: Reading): ModelBatch {
  try {
    const { xs, ys: given } = checkedElement(element, { task, unlabelled })
    const inputs = readInputs(xs, task)
    const ys = given ?? (inputs.parts[0] as Tensor)
    const [rows, labels] = [countRows(inputs, task), ys.shape[0]!]
    if (rows !== labels || rows === 0) {
      const wanted = 'batches of as many labels as inputs, at least one'
      throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${labels} for ${rows}`)
    }
    checkBatch(model, { task, size: rows })
    const ordered = inputsFor(model, inputs as { parts: Tensor[] }, task)
    return { xs: tidy(() => asModelTakes(model, ordered)), ys: ys.clone() }
  } finally {
    dispose(element as Tensor[])
  }
}

interface Element {
  readonly xs: object
  readonly ys: Tensor | undefined
}

function checkedElement(
  element: unknown,
  { task, unlabelled }: { readonly task: string; readonly unlabelled: boolean | undefined },
): Element {
  const refuse = (got: string) => {
    return new TypeError(
      `Cannot ${task}: expected a dataset of batches { xs, ys } of tensors, got ${got}`,
    )
  }
  if (Array.isArray(element)) throw refuse('a list: map it to { xs, ys }')
  if (typeof element !== 'object' || element === null) throw refuse(describe(element))
  checkKeys(element, task)
  const { xs, ys } = element as { readonly xs?: unknown; readonly ys?: unknown }
  const inputs =
    typeof xs !== 'object' || xs instanceof TensorClass ? [xs] : Object.values(xs ?? {})
  const hasLabels = !(unlabelled && ys === undefined)
  for (const [name, tensors] of Object.entries({ xs: inputs, ...(hasLabels && { ys: [ys] }) })) {
    const odd = tensors.findIndex((one) => !(one instanceof TensorClass && one.rank > 0))
    if (tensors[odd] instanceof TensorClass)
      throw refuse(`a scalar as ${name}: batch(n) of tf.data makes batches`)
    if (odd >= 0 || tensors.length === 0) throw refuse(`${describe(tensors[odd])} as ${name}`)
    if (tensors.some((one) => (one as Tensor).isDisposed))
      throw refuse(`disposed ${name}: they are disposed after use, so each reading makes new ones`)
  }
  if (hasLabels) checkNumericLabels(ys as Tensor, task)
  return { xs: xs as object, ys: ys as Tensor | undefined }
}
