import { checkSource, type ModelSource } from '../../artifacts/model-source.js'
import { progressOf } from '../../internal/at-once.js'
import { checkFunction } from '../../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { anything } from '../../internal/option-checks.js'
import type { Mask } from '../../masks/mask.js'
import { refuseBareMask } from '../../masks/refuse-bare-mask.js'
import type { Selector } from '../../select/selector.js'
import { unlessUnfit } from '../codecs/unfit-values.js'
import type { PackedWeight } from '../container/pack-model.js'
import { countElements, whileOpen } from '../model/open-model.js'
import type { OpenedModel } from '../model/opened-model.js'
import { countingProgress } from '../model/progress.js'
import { sum } from '../model/sum.js'
import { lossless } from '../model/value-type.js'
import { turnsUntil } from '../model/work.js'
import type { FileSize } from './file-size.js'
import { type FormName, formNames, type MeasuredForm, measureForm } from './measure-form.js'
import { shareOf, type WeightSize, weightSizes } from './size-rows.js'
import { containerOf, type ModelStore, modelStore } from './stored-model.js'

/** Options of {@link sizeReport}. */
export interface SizeReportOptions {
  /** Weights that it prunes count as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /**
   * The float32 weights that are stored in fewer bits. @default those of two dimensions and more
   */
  readonly select?: Selector
  /** Called after each weight of each form with the share of the work that is done, in (0, 1]. */
  readonly onProgress?: (fraction: number) => void
  /** Stops the work, whatever the size of a weight; the promise rejects with its reason. */
  readonly signal?: AbortSignal
}

const task = 'report the sizes'
const checks: OptionChecks<SizeReportOptions> = {
  mask: anything,
  select: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}

/** A form of file that cannot hold the model. */
export interface RefusedFile extends Pick<FileSize, 'file' | 'type'> {
  /** The weight and its value, in words. */
  readonly reason: string
}

/** The outcome of {@link sizeReport}: plain data. */
export interface SizeReport {
  /** Number of elements of all weights. */
  readonly parameters: number
  /** Elements that are not 0. */
  readonly kept: number
  /** kept / parameters; 1 for a model without weights. */
  readonly density: number
  /** A row for each form of file that can hold the model. */
  readonly files: readonly FileSize[]
  /** The others: of types that do not hold NaN, infinity or a value as large as the model has. */
  readonly refused: readonly RefusedFile[]
  /** A row for each weight, in the model's order. */
  readonly weights: readonly WeightSize[]
}

/**
 * Measures a model in all forms of file that the library writes, beside the least that theory
 * allows.
 *
 * Every form is encoded, nothing is estimated: `bytes` is the length of the files of
 * {@link saveQuantised} and {@link saveCompressed}. The bound of a weight with N elements of which
 * a share p is not 0, stored with b bits each:
 *
 *     N (H(p) + p b) / 8, with H(p) = -p log2 p - (1 - p) log2 (1 - p)
 *
 * That of a file is the sum over its weights, without the topology. It holds for zeros without a
 * pattern and values without one. Where values repeat, or zeros come in rows, a file can be
 * smaller. The container is deflated already where that pays: `gzip` and `brotli` tell what a
 * server saves on stock files. A stock file keeps a weight that the source has in as few bits
 * already, that of `float32` too.
 *
 * Large models take a while: each form is written, and compressed by gzip and by Brotli. Other work
 * of the thread has its turns meanwhile. A model of layers is measured as it is at the call, also
 * where it is trained before the promise settles.
 *
 * @param model A LayersModel, a GraphModel, a handler that loads either, or artifacts as it loads
 *   them; it is not changed. Masking layers count as stock ones.
 * @param options A mask, which weights are stored in fewer bits, progress, and a signal to stop.
 * @returns Totals, a row for each form of file and one for each weight, for `console.table`; it
 *   goes through JSON as it is. A type that cannot hold a weight (a NaN; above 65504 in `float16`)
 *   has no row, but says why in `refused`; `float32` holds all.
 * @throws {TypeError} If an option does not exist or is of the wrong type, the model is disposed, or
 *   a layer's class is not registered.
 * @throws {RangeError} If the selector names nothing, two weights would have one name in the file,
 *   or topology and metadata take more than 16 MiB.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 * import { sizeReport } from 'tfjs-prune/files'
 *
 * const model = sequential({ layers: [layers.dense({ units: 100, inputShape: [300] })] })
 * const mask = await computeMask(model, { density: 0.05 })
 * const { files, weights } = await sizeReport(model, { mask })
 * const find = (file: string, type: string) =>
 *   files.find((row) => row.file === file && row.type === type)!
 * const [stock, sparse] = [find('stock', 'float32'), find('container', 'int8')]
 * if (!(sparse.bytes < stock.bytes / 20)) throw new Error('a twentieth')
 * if (weights[0]!.kept !== 1500) throw new Error('5 % of the kernel')
 * ```
 * @see {@link narrowest} chooses the type by the misses that it costs.
 */
export async function sizeReport(
  model: ModelSource,
  options: SizeReportOptions = {},
): Promise<SizeReport> {
  checkSource(model, task)
  refuseBareMask(options, task)
  checkOptions(options, { task, checks })
  const { mask, signal } = options
  signal?.throwIfAborted()
  return whileOpen(model, { mask, task }, (opened) => measureForms(opened, options))
}

async function measureForms(
  model: OpenedModel,
  { select, signal, onProgress: told }: SizeReportOptions,
): Promise<SizeReport> {
  const turn = turnsUntil(signal)
  const onProgress = progressOf({ onProgress: told }, task)
  const names = formNames()
  // Each element is written once in every form, and in the lossless one before all others.
  const onElements = countingProgress((names.length + 1) * countElements(model), onProgress)
  const store = modelStore(model, { select, task, turn, onElements })
  // The form that can hold any model: it tells which elements are kept, and is measured too.
  const { weights } = await store.pack(lossless)
  const forms: MeasuredForm[] = []
  const refused: RefusedFile[] = []
  for (const form of names) {
    await turn()
    const outcome = await unlessUnfit(() => measureIn(store, form, weights))
    if ('value' in outcome) forms.push(outcome.value)
    else refused.push({ ...form, ...outcome })
  }
  await turn()
  onProgress?.(1)
  return {
    ...totalsOf(weights),
    files: forms.map(({ row }) => row),
    refused,
    weights: weightSizes(weights, forms),
  }
}

async function measureIn(
  store: ModelStore,
  form: FormName,
  weights: readonly PackedWeight[],
): Promise<MeasuredForm> {
  if (form.file === 'stock') return measureForm(form, await store.stock(form.type), weights)
  const packed = await store.pack(form.type)
  const types = packed.weights.map(({ values }) => values)
  return { ...(await measureForm(form, containerOf(packed), weights)), types }
}

function totalsOf(weights: readonly PackedWeight[]) {
  const parameters = sum(weights.map(({ size }) => size))
  const kept = sum(weights.map((weight) => weight.kept))
  return { parameters, kept, density: shareOf(kept, parameters) }
}
