import type { State } from './state.js'

/** Holds the state, and shows it anew at most once a frame. */
export interface Store {
  readonly get: () => State
  readonly set: (change: Partial<State> | ((state: State) => State)) => void
}

/** Makes the store of a page. */
export function makeStore(first: State, show: (state: State) => void): Store {
  let state = first
  let isAsked = false
  const ask = () => {
    if (isAsked) return
    isAsked = true
    // A hidden page gets no frames, but shows the last state when it comes back.
    requestAnimationFrame(() => {
      isAsked = false
      show(state)
    })
  }
  return {
    get: () => state,
    set: (change) => {
      state = typeof change === 'function' ? change(state) : { ...state, ...change }
      ask()
    },
  }
}
