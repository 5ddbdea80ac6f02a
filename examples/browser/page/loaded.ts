import { thresholdInWords } from '../shared/words.js'
import { countsAt } from './counts.js'
import { byId, say } from './elements.js'
import { countsInWords } from './level-section.js'
import type { State } from './state.js'

/** Tells how a model from a file does on the validation part. */
export function showLoaded(state: State): void {
  const { loaded } = state
  say(byId('loaded'), loaded ? inWords(loaded, state) : '')
}

function inWords({ name, model }: NonNullable<State['loaded']>, state: State): string {
  const { threshold } = state
  const [alive, all] = [model.alive, model.parameters].map((count) => count.toLocaleString('en'))
  const from = thresholdInWords(threshold)
  const counts = countsInWords(countsAt(model.validation, threshold), state)
  return `${name}: ${alive} of ${all} parameters are not 0. Validation part, positive from ${from}: ${counts}.`
}
