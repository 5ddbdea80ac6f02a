import { thresholdInWords } from '../shared/words.js'
import { thresholdRange } from './counts.js'
import { byId, say } from './elements.js'
import type { State } from './state.js'

/** The slider of the threshold, in log-odds. */
export function thresholdSlider(onMove: (logOdds: number) => void) {
  const slider = byId<HTMLInputElement>('threshold')
  slider.addEventListener('input', () => onMove(Number(slider.value)))
  byId('threshold-reset').addEventListener('click', () => onMove(0))
  return ({ threshold, runs }: State): void => {
    const reports = runs.flatMap((run) => run.reports)
    const { low, high } = thresholdRange(reports.map(({ evaluation }) => evaluation))
    slider.min = String(low)
    slider.max = String(high)
    slider.value = String(threshold)
    slider.ariaValueText = thresholdInWords(threshold)
    say(byId('threshold-text'), thresholdInWords(threshold))
  }
}
