import { emptySweepState, nextSweepState, type SweepEvent, sweepTable } from 'tfjs-prune/sweep'
import { liveText } from './live-text.js'

/** Milliseconds between two drawings. */
const PERIOD = 250

/** Shows the table of a sweep on a terminal while the sweep runs. */
export async function withSweepView<T>(
  terminal: NodeJS.WritableStream,
  work: (onEvent: (event: SweepEvent) => void) => Promise<T>,
): Promise<T> {
  let state = emptySweepState
  const live = liveText(terminal)
  const draw = () => {
    // A terminal that does not know its width says 0.
    const columns = (terminal as { readonly columns?: number }).columns || 80
    live.draw(sweepTable(state, { now: Date.now(), columns: Math.max(columns - 1, 1) }))
  }
  const timer = setInterval(draw, PERIOD)
  try {
    draw()
    return await work((event) => {
      state = nextSweepState(state, event, Date.now())
    })
  } finally {
    clearInterval(timer)
    live.clear()
  }
}
