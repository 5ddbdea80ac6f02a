import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import type { Selector } from '../select/selector.js'
import { brotliSize, gzipSize } from './compressed-size.js'
import { type PackedWeight, packModel } from './container/pack-model.js'
import { entropyBound } from './entropy-bound.js'
import type { StockDtype } from './quantise-artifacts.js'
import { bytesOfFiles, type StoredModel, storeAsStock, storeInContainer } from './stored-model.js'
import { type ValueType, valueTypes } from './values/value-type.js'

const TASK = 'report the sizes'
const STOCK = ['uint8', 'uint16', 'float16', 'float32'] as const

/** Options of {@link sizeReport}. */
export interface SizeReportOptions {
  /** The float32 weights that are stored in fewer bits. @default those of two dimensions and more */
  readonly select?: Selector
}

/** What a model takes in one form of file. */
export interface FileSize {
  /** `stock`: the `model.json` and weights that any tfjs loads; `container`: the file of {@link saveCompressed}. */
  readonly file: 'stock' | 'container'
  /** What the values are stored as. */
  readonly values: ValueType | StockDtype
  /** Bytes as they lie on the disk, topology and metadata included. */
  readonly bytes: number
  /** Bytes after gzip, each file by itself, as a server sends them. */
  readonly gzip: number
  /** The same after Brotli at quality 9; left out where the platform has no Brotli. */
  readonly brotli?: number
  /** The entropy bound of the weights in bytes; topology and metadata come on top. */
  readonly bound: number
}

/** What a weight takes in each form of file, in bytes. */
export interface WeightSize {
  /** Layer path and role. */
  readonly name: string
  readonly shape: readonly number[]
  /** Number of elements. */
  readonly size: number
  /** Elements that are not 0. */
  readonly kept: number
  /** kept / size. */
  readonly density: number
  readonly stock: Readonly<Record<'float32' | StockDtype, number>>
  readonly container: Readonly<Record<ValueType, number>>
  /** The entropy bound for the values of the container. */
  readonly bound: Readonly<Record<ValueType, number>>
}

/** The outcome of {@link sizeReport}: plain data. */
export interface SizeReport {
  /** Number of elements of all weights. */
  readonly parameters: number
  /** Elements that are not 0. */
  readonly kept: number
  /** kept / parameters; 1 for a model without weights. */
  readonly density: number
  /** A row for each form of file. */
  readonly files: readonly FileSize[]
  /** A row for each weight, in the model's order. */
  readonly weights: readonly WeightSize[]
}

/**
 * What a model takes as a file, in all forms that the library writes, beside the least that theory allows.
 *
 * Every form is really encoded, nothing is estimated: `bytes` is what {@link saveQuantised} and {@link saveCompressed} write.
 * The bound of a weight with N elements of which a share p is not 0, stored with b bits each:
 *
 *     N (H(p) + p b) / 8, with H(p) = -p log2 p - (1 - p) log2 (1 - p)
 *
 * That of a file is the sum over its weights, without the topology. It holds for zeros without a pattern and values
 * without one. Where values repeat, or zeros come in rows, a file can be smaller. The container deflates what pays already:
 * `gzip` and `brotli` tell what a server saves on stock files.
 *
 * Large models take a while: 2.5 million weights are encoded twelve times.
 *
 * @param model Any LayersModel; it is not changed. Masking layers count as stock ones.
 * @param mask Weights that it prunes count as 0. @default none: zeros are where the model has them
 * @param options Which weights are stored in fewer bits.
 * @returns Totals, a row for each form of file and one for each weight; it goes through JSON as it is.
 * @throws {TypeError} If an option does not exist, or a layer's class is not registered.
 * @throws {RangeError} If the selector names nothing, two weights would have one name in the file, or a weight that is
 *   stored in fewer bits has values that are not finite, or above 65504.
 * @throws {RangeError | TypeError} If the mask does not fit the model.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, sizeReport } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 100, inputShape: [300] })] })
 * const { files, weights } = await sizeReport(model, await computeMask(model, { density: 0.05 }))
 *
 * // As a table: console.table(files), or console.table(weights, ['name', 'size', 'kept', 'density'])
 * const find = (file: string, values: string) => files.find((row) => row.file === file && row.values === values)!
 * const [stock, sparse] = [find('stock', 'float32'), find('container', 'int8')]
 * if (!(sparse.bytes < stock.bytes / 20)) throw new Error('a twentieth')
 * if (weights[0]!.kept !== 1500) throw new Error('5 % of the kernel')
 * ```
 * @see {@link narrowest} chooses the values by what they cost in misses.
 */
export async function sizeReport(
  model: LayersModel,
  mask?: Mask,
  options: SizeReportOptions = {},
): Promise<SizeReport> {
  checkOptionNames(options, { task: TASK, known: ['select'] })
  if (mask !== undefined) checkMask(model, mask)
  const how = { mask, select: options.select, task: TASK }
  const counts = (await packModel(model, { ...how, values: 'float32' })).weights
  const forms: Form[] = []
  for (const values of STOCK) {
    forms.push(await measure({ file: 'stock', values }, await storeAsStock(model, values, how), counts))
  }
  for (const values of valueTypes) {
    forms.push(await measure({ file: 'container', values }, await storeInContainer(model, values, how), counts))
  }
  const weights = counts.map((weight, i) => weightSize(weight, i, forms))
  const [parameters, kept] = [sum(weights.map(({ size }) => size)), sum(weights.map((weight) => weight.kept))]
  return { parameters, kept, density: share(kept, parameters), files: forms.map(({ row }) => row), weights }
}

/** A form of file, measured. */
interface Form {
  readonly row: FileSize
  /** Bytes of each weight, and its bound. */
  readonly bytes: readonly number[]
  readonly bounds: readonly number[]
}

async function measure(
  form: Pick<FileSize, 'file' | 'values'>,
  stored: StoredModel,
  counts: readonly PackedWeight[],
): Promise<Form> {
  const { files, weights } = stored
  const bounds = weights.map(({ bits }, i) => entropyBound({ ...counts[i]!, bits }))
  const gzip = sum(await Promise.all(files.map(gzipSize)))
  const brotli = await Promise.all(files.map(brotliSize))
  const row = {
    ...form,
    bytes: bytesOfFiles(stored),
    gzip,
    ...(brotli.every((size) => size !== undefined) && { brotli: sum(brotli) }),
    bound: sum(bounds),
  }
  return { row, bytes: weights.map(({ bytes }) => bytes), bounds }
}

function weightSize({ name, shape, size, kept }: PackedWeight, index: number, forms: readonly Form[]): WeightSize {
  const pick = (file: FileSize['file'], numbers: 'bytes' | 'bounds') =>
    Object.fromEntries(
      forms.filter(({ row }) => row.file === file).map((form) => [form.row.values, form[numbers][index]!]),
    )
  return {
    name,
    shape: [...shape],
    size,
    kept,
    density: share(kept, size),
    stock: pick('stock', 'bytes') as WeightSize['stock'],
    container: pick('container', 'bytes') as WeightSize['container'],
    bound: pick('container', 'bounds') as WeightSize['bound'],
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole
}
