import type { Audit } from '../../audit/audit.js'
import type { Exemplar } from '../../audit/exemplars.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { checkIndex } from '../../internal/option-checks.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import { checkAudit } from './harm-chart.js'
import { makeChart } from './make-chart.js'
import { checkImages, readImages, type SampleImages } from './sample-images.js'
import { mostSamples, stripHeight, stripView } from './sample-strip.js'
import { shortNames } from './short-names.js'

/** Options of {@link exemplarsChart}. */
export interface ExemplarsChartOptions extends ChartOptions {
  /** Images of the samples, drawn beside their rows. @default the place of the sample alone */
  readonly images?: SampleImages
  /** Class whose samples are drawn, such as that which must not be missed. @default all classes */
  readonly positiveClass?: number
}

const task = 'chart the exemplars'
const checks: OptionChecks<ExemplarsChartOptions> = {
  ...chartChecks,
  images: checkImages,
  positiveClass: checkIndex,
}

/** Letters of a class in a row's name and beside a mark. */
const LETTERS = 12

/**
 * The samples that pruning decides otherwise, the exemplars of an audit: a row each with its image
 * if you have it, its class, and the classes that the dense and the pruned networks say; wrong ones
 * have a cross.
 *
 * Samples that compression lost, found by the dense networks alone, stand first, those that most
 * networks agree on before others. `lostPositivesChart` is the sibling for the rounds of one run.
 *
 * @param audit An audit of `tfjs-prune/audit`.
 * @param options Images of the audit's samples, in the order of its labels; the class; colours and
 *   size.
 * @returns The chart as plain JSON. It says so where no sample changes; of many, 12 are drawn, and a
 *   note says how many there are.
 * @throws {TypeError} If it is no audit, an image is missing or no `data:image/` URL, or an option
 *   does not exist.
 * @throws {RangeError} If the audit has no such class, pixels are not those of all samples or not
 *   finite, or an option is out of range.
 * @see Hooker, Courville, Clark, Dauphin, Frome: What do compressed deep neural networks forget?
 *   arXiv 1911.05248, 2019.
 *
 * @example
 * ```ts
 * import { auditOutcomes } from 'tfjs-prune/audit'
 * import { exemplarsChart } from 'tfjs-prune/report'
 *
 * const labels = [0, 0, 1, 1]
 * const audit = auditOutcomes(
 *   { labels, predictions: [0, 0, 1, 1] },
 *   { labels, predictions: [0, 0, 1, 0] },
 *   { classNames: ['well', 'ill'] },
 * )
 * const images = { pixels: [0, 80, 160, 255], height: 1, width: 1 }
 * const { finding } = exemplarsChart(audit, { images, positiveClass: 1 }).usermeta
 * if (finding !== '1 of 2 samples of class ill is lost') throw new Error(finding)
 * ```
 */
export function exemplarsChart(audit: Audit, options: ExemplarsChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks })
  checkAudit(audit, task)
  const { images, positiveClass, ...rest } = copyOptions(options, checks)
  checkClass(audit, positiveClass)
  const urlOf = readImages(images, { samples: audit.samples, task })
  const theme = themes[options.theme ?? 'light']
  const all = inOrder(
    audit.exemplars.filter(({ label }) => positiveClass === undefined || label === positiveClass),
  )
  const drawn = all.slice(0, mostSamples(true))
  const finding = findingOf(all, audit, positiveClass)
  if (drawn.length === 0) {
    const text = ['No sample is called another class', 'than before pruning.']
    const mark = { type: 'text', text, color: theme.pale, fontSize: 12 }
    const view = { data: { values: [{}] }, mark }
    return makeChart({ finding, notes: [], height: 90, view }, rest)
  }
  const notes = [
    'Crosses: a wrong class.',
    ...(audit.pairs > 1 ? [`Classes that most of ${audit.pairs} networks say.`] : []),
    ...(drawn.length < all.length ? [`Drawn: ${drawn.length} of ${all.length} samples.`] : []),
  ]
  const urls = drawn.map(({ sample }) => urlOf(sample))
  const height = stripHeight(drawn.length, true)
  return makeChart({ finding, notes, height, view: viewOf(drawn, urls, { audit, theme }) }, rest)
}

function checkClass({ classNames }: Audit, positiveClass: number | undefined): void {
  if (positiveClass === undefined || positiveClass < classNames.length) return
  const wanted = `positiveClass below the ${classNames.length} classes of the audit`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${positiveClass}`)
}

const isLost = ({ label, dense }: Exemplar) => label === dense
const isRegained = ({ label, pruned }: Exemplar) => label === pruned

/** Lost samples first, then those that stay wrong, then regained ones; the surest of each first. */
function inOrder(exemplars: readonly Exemplar[]): Exemplar[] {
  const kind = (one: Exemplar) => (isLost(one) ? 0 : isRegained(one) ? 2 : 1)
  const share = ({ denseShare, prunedShare }: Exemplar) => denseShare + prunedShare
  return [...exemplars].sort(
    (a, b) => kind(a) - kind(b) || share(b) - share(a) || a.sample - b.sample,
  )
}

function findingOf(
  exemplars: readonly Exemplar[],
  { samples, byClass, classNames }: Audit,
  positiveClass: number | undefined,
): string {
  const [lost, regained] = [isLost, isRegained].map((is) => exemplars.filter(is).length)
  const back = regained! > 0 ? `, ${regained} found instead` : ''
  const [count, of] =
    positiveClass === undefined
      ? [samples, '']
      : [byClass[positiveClass]!.samples, ` of class ${classNames[positiveClass]}`]
  if (lost === 0) return `No sample of ${count}${of} is lost${back}`
  return `${lost} of ${count} samples${of} ${lost === 1 ? 'is' : 'are'} lost${back}`
}

function viewOf(
  drawn: readonly Exemplar[],
  urls: readonly (string | undefined)[],
  { audit, theme }: { readonly audit: Audit; readonly theme: ChartTheme },
) {
  const isNumber = (name: string) => /^\d+$/.test(name)
  const named = audit.classNames.map((name) => (isNumber(name) ? `class ${name}` : name))
  const names = shortNames(named, LETTERS)
  const rows = drawn.map(({ sample, label }) => `sample ${sample}\n${names[label]}`)
  const cellsOf = ({ label, dense, pruned }: Exemplar, i: number) =>
    Object.entries({ dense, pruned }).map(([level, one]) => ({
      ...{ sample: rows[i]!, level, is: one === label ? 'right' : 'wrong', says: names[one]! },
    }))
  const cells = drawn.flatMap(cellsOf)
  const axis = { labelAngle: 0, labelPadding: 8, ticks: false, domain: false }
  const words = ['wrong', 'right'] as const
  const columns = ['dense', 'pruned']
  return stripView({ theme, rows, columns, cells, urls, words, title: null, axis })
}
