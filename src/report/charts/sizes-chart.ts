import type { FileSize } from '../../files/measure/file-size.js'
import { checkOptions } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { themes } from './chart-theme.js'
import { bytesInWords } from './in-words.js'
import { makeChart } from './make-chart.js'

const task = 'chart the sizes'
/** Pixels of a form of file. */
const ROW = 26

/** The part of a `SizeReport` that is drawn. */
export interface ChartedSizes {
  readonly files: readonly Pick<FileSize, 'file' | 'type' | 'bytes' | 'gzip'>[]
}

/**
 * Bytes of a model by form of file, the largest first: bars as the files lie on the disk, ticks as a
 * server sends them with gzip.
 *
 * @param sizes The outcome of `sizeReport` of `tfjs-prune/files`.
 * @param options Colours and size.
 * @returns The chart as plain JSON.
 * @throws {TypeError} If `sizes` has no list of files, or an option does not exist.
 * @throws {RangeError} If the list is empty, or an option is out of range.
 *
 * @example
 * ```ts
 * import { sizesChart } from 'tfjs-prune/report'
 *
 * const files = [
 *   { file: 'stock', type: 'float32', bytes: 166383, gzip: 20000 },
 *   { file: 'container', type: 'codebook4', bytes: 1778, gzip: 1790 },
 * ] as const
 * const { finding } = sizesChart({ files }).usermeta
 * if (!finding.endsWith('1.78 kB, 94 times smaller than stock float32')) throw new Error(finding)
 * ```
 */
export function sizesChart(sizes: ChartedSizes, options: ChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  if (!Array.isArray(sizes?.files))
    throw new TypeError(`Cannot ${task}: expected a report of sizes, got ${describe(sizes)}`)
  if (sizes.files.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one form of file, got none`)
  const rows = sizes.files
    .map(({ file, type, bytes, gzip }) => ({
      ...{ form: `${file} ${type}`, bytes, gzip, words: bytesInWords(bytes) },
    }))
    .sort((a, b) => b.bytes - a.bytes)
  const { ink, series } = themes[options.theme ?? 'light']
  const most = 1.4 * rows[0]!.bytes // room for the letters behind the bars
  const x = { field: 'bytes', type: 'quantitative', scale: { domain: [0, most], nice: false } }
  const y = { field: 'form', type: 'nominal', sort: rows.map(({ form }) => form), title: null }
  const axis = { labelLimit: 0, ticks: false, domain: false }
  return makeChart(
    {
      finding: findingOf(rows),
      notes: ['Bars: on the disk. Ticks: sent with gzip.'],
      height: 30 + ROW * rows.length,
      view: {
        data: { values: rows },
        encoding: { y: { ...y, axis }, x: { ...x, axis: null } },
        layer: [
          { mark: { type: 'bar', height: 14, color: series[0] } },
          {
            mark: { type: 'tick', thickness: 2, size: 20, color: series[1] },
            encoding: { x: { ...x, field: 'gzip', axis: null } },
          },
          {
            mark: { type: 'text', align: 'left', dx: 6, color: ink, fontSize: 12 },
            encoding: { text: { field: 'words', type: 'nominal' } },
          },
        ],
      },
    },
    options,
  )
}

interface SizeRow {
  readonly form: string
  readonly bytes: number
}

function findingOf(rows: readonly SizeRow[]): string {
  const least = rows.at(-1)!
  const stock = rows.find(({ form }) => form === 'stock float32')
  const finding = `The smallest file is ${least.form}, ${bytesInWords(least.bytes)}`
  if (!stock || stock === least) return finding
  const times = stock.bytes / least.bytes
  const factor = times < 10 ? Number(times.toPrecision(2)) : Math.round(times)
  return `${finding}, ${factor} times smaller than stock float32`
}
