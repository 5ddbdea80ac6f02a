/**
 * A chart as data: a specification of Vega-Lite 5 or 6, plain JSON that any renderer of Vega-Lite
 * draws, such as vega-embed in a page or `renderSvg` of `tfjs-prune/report/vega`.
 */
export interface ChartSpec {
  /** Address of the schema; nothing reads it from there. */
  readonly $schema: string
  /** The chart in words, for readers who do not see it. */
  readonly description: string
  /** The finding of the title and the notes below it, unwrapped. */
  readonly usermeta: ChartWords
  /** All other members of the specification. */
  readonly [member: string]: unknown
}

/** The words of a chart. */
export interface ChartWords {
  /** The finding, e.g. `Misses stay at 2 of 53 down to 1.56 % of the weights`. */
  readonly finding: string
  /** How to read the chart, and the parts of the data that are left out, a sentence each. */
  readonly notes: readonly string[]
}
