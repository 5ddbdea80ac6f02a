/** The words of the page for its data sets and losses. */
import type { DataName, LossName } from './contract.js'

/** The words for one positive and for several. */
export const POSITIVES: Readonly<Record<DataName, { one: string; many: string }>> = {
  tumours: { one: 'tumour', many: 'tumours' },
  digits: { one: 'eight', many: 'eights' },
}

/** What a loss is called in tables and charts. */
export const TITLES: Readonly<Record<LossName, string>> = {
  red: 'red (plain)',
  black: 'black (class-dependent)',
}

/** A share as a percentage of three digits at most. */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`

/** A threshold in words. */
export const thresholdInWords = (logOdds: number): string =>
  `a score of ${logOdds.toFixed(1)}, a probability of ${percent(1 / (1 + Math.exp(-logOdds)))}`

/** Bytes with separators. */
export const bytes = (count: number): string => `${count.toLocaleString('en')} bytes`
