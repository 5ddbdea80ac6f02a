import type { DataName } from '../shared/contract.js'
import type { Choices } from './state.js'

const KEY = 'tfjs-prune-demo'

type Remembered = { readonly [name in DataName]?: Choices } & { readonly last?: DataName }

function readAll(): Remembered {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}')
  } catch {
    // A browser may forbid storage; then nothing is remembered.
    return {}
  }
}

/** The choices of the last run on a data set: its levels may be stored. */
export const rememberedChoices = (data: DataName): Choices | undefined => readAll()[data]

/** The data set of the last run. */
export const lastData = (): DataName | undefined => readAll().last

/** Remembers the choices of a run. */
export function rememberChoices(choices: Choices): void {
  const { data } = choices
  localStorage.setItem(KEY, JSON.stringify({ ...readAll(), [data]: choices, last: data }))
}
