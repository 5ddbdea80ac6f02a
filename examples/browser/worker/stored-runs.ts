import type { Round } from 'tfjs-prune'
import { type EntryStore, indexedDbStore, loadRounds } from 'tfjs-prune/runs'
import type { Settings } from '../shared/contract.js'

const nameOf = ({ data, loss, attempt }: Settings) => `demo-${data}-${loss}-${attempt}`

/** The place of a run in the browser's storage. */
export const storeOf = (settings: Settings): EntryStore => indexedDbStore(nameOf(settings))

/** The finished levels of a run in the browser's storage; none if there is no such run. */
export const readRounds = (settings: Settings): Promise<readonly Round[]> =>
  loadRounds(storeOf(settings))

/** Removes a run from the browser's storage, as soon as nobody has it open. */
export function forgetRun(settings: Settings): void {
  indexedDB.deleteDatabase(`tfjs-prune-run-${nameOf(settings)}`)
}
