import type { StudyLevel } from '../rows.js'

/** A figure of a level, and the way to show it. */
export interface Figure {
  readonly title: string
  /** Short words for the head of a column. */
  readonly head: string
  readonly direction: 'maximise' | 'minimise'
  /** Digits behind the point. */
  readonly decimals: number
  /** The value as it is shown: shares in %. */
  readonly of: (level: StudyLevel) => number
}

const at = (level: StudyLevel, fpr: number) => {
  const found = level.atFpr.find((one) => one.fpr === fpr)
  if (!found) throw new RangeError(`Cannot read a level: expected an FPR of ${fpr}, got none`)
  return found
}
const misses = (percent: number): Figure => ({
  title: `FNR % on the test curve where FPR is ${percent} %`,
  head: `FNR at FPR ${percent} %`,
  direction: 'minimise',
  decimals: 2,
  of: (level) => 100 * at(level, percent / 100).curve,
})
const moved = (percent: number, rate: 'fnr' | 'fpr'): Figure => ({
  title: `${rate.toUpperCase()} % on test at the threshold that validation chose for an FPR of ${percent} %`,
  head: `${rate.toUpperCase()}, threshold for ${percent} %`,
  direction: 'minimise',
  decimals: 2,
  of: (level) => 100 * at(level, percent / 100).moved[rate],
})

/** The figures of the study by their names. */
export const FIGURES = {
  fnrAtFpr5: misses(5),
  fnrAtFpr10: misses(10),
  fnrAtFpr20: misses(20),
  fnr: {
    title: "FNR % at the network's own boundary",
    head: 'own FNR',
    direction: 'minimise',
    decimals: 2,
    of: ({ argmax }) => 100 * argmax.fnr,
  },
  fpr: {
    title: "FPR % at the network's own boundary",
    head: 'own FPR',
    direction: 'minimise',
    decimals: 2,
    of: ({ argmax }) => 100 * argmax.fpr,
  },
  auc: {
    title: 'AUC %',
    head: 'AUC',
    direction: 'maximise',
    decimals: 2,
    of: ({ auc }) => 100 * auc,
  },
  partialAuc: {
    title: 'partial AUC % up to an FPR of 20 %, standardised',
    head: 'partial AUC',
    direction: 'maximise',
    decimals: 2,
    of: ({ partialAuc }) => 100 * partialAuc,
  },
  movedFnr5: moved(5, 'fnr'),
  movedFpr5: moved(5, 'fpr'),
  movedFnr10: moved(10, 'fnr'),
  movedFpr10: moved(10, 'fpr'),
  movedFnr20: moved(20, 'fnr'),
  movedFpr20: moved(20, 'fpr'),
  multiplyAdds: {
    title: "multiply-adds left, % of the network's own dense ones",
    head: 'multiply-adds',
    direction: 'minimise',
    decimals: 1,
    of: ({ multiplyAdds }) => 100 * multiplyAdds,
  },
  seconds: {
    title: 'seconds of training',
    head: 'seconds',
    direction: 'minimise',
    decimals: 1,
    of: ({ seconds }) => seconds,
  },
} satisfies Record<string, Figure>

export type FigureName = keyof typeof FIGURES
