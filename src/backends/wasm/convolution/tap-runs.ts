/** One axis of a convolution, from any side: what is worked out, of which values and weights. */
interface Axis {
  readonly targets: number
  readonly sources: number
  readonly taps: number
  /** Targets that lie this far apart read sources through the same taps. */
  readonly step: number
  /**
   * The source that a target reads through a tap; outside of the sources, or no whole number, where
   * there is none.
   */
  readonly sourceOf: (target: number, tap: number) => number
}

/** Targets a step apart that read sources through the same taps; all steps are even. */
export interface TapRun {
  readonly target: number
  readonly targetStep: number
  readonly targets: number
  /** The first tap, how far apart they are, and how many. */
  readonly tap: number
  readonly tapStep: number
  readonly taps: number
  /** The source of the first target through the first tap, of the next target, of the next tap. */
  readonly source: number
  readonly sourceStep: number
  readonly sourceTapStep: number
}

/** Cuts an axis into runs, so that no source outside has to be read or filled with zeros. */
export function tapRunsOf({ targets, sources, taps, step, sourceOf }: Axis): TapRun[] {
  const tapsOf = (target: number): number[] =>
    Array.from({ length: taps }, (_, tap) => tap).filter((tap) => {
      const source = sourceOf(target, tap)
      return Number.isInteger(source) && source >= 0 && source < sources
    })
  const runs: TapRun[] = []
  for (let phase = 0; phase < Math.min(step, targets); phase++) {
    let before: string | undefined
    for (let target = phase; target < targets; target += step) {
      const used = tapsOf(target)
      const last = before === `${used}` ? runs.pop() : undefined
      before = `${used}`
      const [tap = 0, next = tap] = used
      runs.push({
        target: last?.target ?? target,
        targetStep: step,
        targets: (last?.targets ?? 0) + 1,
        ...{ tap, tapStep: next - tap, taps: used.length },
        source: last?.source ?? sourceOf(target, tap),
        sourceStep: sourceOf(target + step, tap) - sourceOf(target, tap),
        sourceTapStep: sourceOf(target, next) - sourceOf(target, tap),
      })
    }
  }
  return runs
}
