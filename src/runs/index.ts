/**
 * Runs that last: stores that a run goes on from after any end, and rounds in one file.
 *
 * @module tfjs-prune/runs
 */
export type { OptimizerState } from '../rounds/optimizer-state.js'
export type { RoundPoint } from '../rounds/round-point.js'
export type { OpenedRun, RunFacts, RunStore } from '../rounds/run-store.js'
export { folderStore } from './folder-store.js'
export { indexedDbStore } from './indexed-db-store.js'
export { loadRounds, type RoundsSource } from './load-rounds.js'
export { memoryStore } from './memory-store.js'
export { renameRounds } from './rename-rounds.js'
export { saveRounds } from './save-rounds.js'
export type { EntryBytes, Release, StoreFunctions } from './store-functions.js'
export { type EntryStore, storeOf } from './store-of.js'
export type { StoreOptions } from './store-options.js'
export { toCsv } from './to-csv.js'
export { toJson } from './to-json.js'
