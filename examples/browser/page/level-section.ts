import { POSITIVES, percent, thresholdInWords } from '../shared/words.js'
import { type Counts, countsAt } from './counts.js'
import { byId, make, say } from './elements.js'
import { reportAt, type State, type TestLook } from './state.js'

/** Misses and false alarms in words. */
export function countsInWords(counts: Counts, state: State): string {
  const { misses, positives, falseAlarms, negatives } = counts
  const { many } = POSITIVES[state.choices.data]
  return `${misses} of ${positives} ${many} missed, ${falseAlarms} of ${negatives} false alarms`
}

/** Shows the counts of the level that is looked at, on validation and, once asked for, on test. */
export function showLevel(state: State): void {
  const { selected, threshold } = state
  const report = selected && reportAt(state, selected)
  byId('level-section').hidden = !report
  if (!selected || !report) return
  const share = percent(report.density)
  say(byId('level-title'), `Level ${selected.level} of ${selected.loss}: ${share} of the weights`)
  const counts = countsInWords(countsAt(report.evaluation, threshold), state)
  say(byId('level-counts'), `Validation part, ${at(threshold)}: ${counts}.`)
  showTest(state)
}

function showTest(state: State): void {
  const { test, selected, threshold } = state
  const place = byId('test-counts')
  // Rebuilt only where something differs: it is a live region.
  const key = test && JSON.stringify([test.place, test.threshold, selected, threshold])
  if (place.dataset.key === String(key)) return
  place.dataset.key = String(key)
  place.replaceChildren(...(test ? testLines(test, state) : []))
}

function testLines(test: TestLook, state: State): HTMLElement[] {
  const { place, level, dense } = test
  const line = (name: string, evaluation: typeof level) =>
    `${name}: ${countsInWords(countsAt(evaluation, test.threshold), state)}.`
  const same = JSON.stringify([place, test.threshold])
  const isAsLooked = same === JSON.stringify([state.selected, state.threshold])
  const lines = [
    make('p', { className: 'finding' }, [
      line(`Test part, level ${place.level} of ${place.loss}, ${at(test.threshold)}`, level),
    ]),
    make('p', {}, [line('The dense network there', dense)]),
  ]
  const warning =
    'You have changed the level or the threshold since. If the test part moved you to, it has ' +
    'helped to choose, and its numbers flatter the network.'
  return isAsLooked ? lines : [...lines, make('p', { className: 'quiet' }, [warning])]
}

const at = (threshold: number) => `positive from ${thresholdInWords(threshold)}`
