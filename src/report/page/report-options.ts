import type { Audit } from '../../audit/audit.js'
import type { Certificate } from '../../certify/certificate.js'
import { checkCertificate } from '../../certify/check-certificate.js'
import { checkFunction } from '../../internal/check-function.js'
import type { OptionCheck, OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'
import type { ChartSpec } from '../charts/chart-spec.js'
import { type ChartedRun, runsOf } from '../charts/charted-run.js'
import { checkAudit } from '../charts/harm-chart.js'
import { checkImages, type SampleImages } from '../charts/sample-images.js'
import type { ChartedSizes } from '../charts/sizes-chart.js'

/** Options of {@link reportHtml}. */
export interface ReportOptions {
  /** Heading of the page. @default 'Pruning report' */
  readonly title?: string
  /** Date of the report, in your words or as a Date. @default none: no clock is read */
  readonly date?: string | Date
  /**
   * Draws a chart as SVG, such as `renderSvg` of `tfjs-prune/report/vega`. It is trusted: its text
   * is put into the page as it is. @default no charts: their findings as sentences, and tables
   */
  readonly render?: (chart: ChartSpec) => string | Promise<string>
  /** Other runs, drawn beside this one where misses and false alarms stand against density. */
  readonly others?: readonly ChartedRun[]
  /** A certificate of `certify`. @default none */
  readonly certificate?: Certificate
  /** An audit of `tfjs-prune/audit`. @default none */
  readonly audit?: Audit
  /**
   * Images of the audit's samples, for those of the run's positive class that pruning decides
   * otherwise. @default none
   */
  readonly auditImages?: SampleImages
  /** The outcome of `sizeReport`. @default none */
  readonly sizes?: ChartedSizes
  /** Images of the samples, for those that compression lost. @default their places alone */
  readonly images?: SampleImages
  /** Your settings and seeds, beside those that the rounds tell. @default none */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Versions of packages by their names, e.g. `{ 'tfjs-prune': '0.1.0' }`. @default none */
  readonly versions?: Readonly<Record<string, string>>
}

export const task = 'write the report'

const checkText: OptionCheck = (value, { name }) => {
  if (typeof value !== 'string') throw wrong(name, 'a text', value)
}

const checkDate: OptionCheck = (value, { name }) => {
  if (typeof value === 'string') return
  if (!(value instanceof Date)) throw wrong(name, 'a text or a Date', value)
  if (Number.isNaN(value.getTime()))
    throw optionError(
      new RangeError(`Cannot ${task}: expected a valid ${name}, got an invalid Date`),
    )
}

const checkObject: OptionCheck = (value, { name }) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, 'an object', value)
}

const checkVersions: OptionCheck = (value, option) => {
  checkObject(value, option)
  for (const [name, version] of Object.entries(value as object))
    checkText(version, { ...option, name: `${option.name}.${name}` })
}

function wrong(name: string, wanted: string, value: unknown): TypeError {
  const message = `Cannot ${task}: expected ${wanted} as ${name}, got ${describe(value)}`
  return optionError(new TypeError(message))
}

/** Checks of the options of {@link reportHtml}. */
export const reportChecks: OptionChecks<ReportOptions> = {
  title: checkText,
  date: checkDate,
  render: checkFunction,
  others: (value, { name }) => {
    if (!Array.isArray(value)) throw wrong(name, 'a list of runs', value)
    if (value.length > 0) runsOf(value, task)
  },
  certificate: (value) => checkCertificate(value, task),
  audit: (value) => checkAudit(value as Audit, task),
  auditImages: checkImages,
  sizes: checkObject,
  images: checkImages,
  settings: checkObject,
  versions: checkVersions,
}
