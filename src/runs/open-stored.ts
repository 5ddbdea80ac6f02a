import { describe } from '../internal/describe.js'
import { thenClose } from '../internal/then-close.js'
import type { OpenedRun, RunFacts } from '../rounds/run-store.js'
import { checkRun } from './check-run.js'
import { entryWriter } from './entry-writer.js'
import { matchWeights } from './match-weights.js'
import { type NewNames, renamedPieces, renamer } from './renamed-round.js'
import type { StoreFunctions } from './store-functions.js'
import type { StoreOptions } from './store-options.js'
import { type RunEntry, readRun, type StoredRun } from './stored-run.js'

interface Opening {
  readonly facts: RunFacts
  readonly options: StoreOptions
}

/**
 * Opens a run for one writer: takes the lock, reads all entries, and compares the run with the one
 * that is asked for. Leaves nothing locked if it throws.
 */
export async function openStored(functions: StoreFunctions, opening: Opening): Promise<OpenedRun> {
  const release = await functions.lock()
  if (typeof release !== 'function') {
    const got = describe(release)
    throw new TypeError(`Cannot store the run: expected lock to give a function, got ${got}`)
  }
  try {
    const found = await readRun(functions)
    const opened = found.run
      ? goOn(functions, { ...found, run: found.run }, opening)
      : begin(functions, opening)
    return { ...opened, close: async () => release() }
  } catch (error) {
    return thenClose(() => Promise.reject(error), release)
  }
}

/** A run of which nothing is stored. Its own entry is written before that of its first round. */
function begin(functions: StoreFunctions, { facts }: Opening): Omit<OpenedRun, 'close'> {
  const { weights, settings, present: initial } = facts
  const run: RunEntry = { weights, settings, initial }
  return { initial, rounds: [], ...entryWriter(functions, { run, rounds: [], sum: undefined }) }
}

/** A stored run, in the names of the model. */
function goOn(
  functions: StoreFunctions,
  { run, sum, rounds, point }: StoredRun & { readonly run: RunEntry },
  { facts, options }: Opening,
): Omit<OpenedRun, 'close'> {
  const { name = 'the store' } = functions
  const { layers = 'byName' } = options
  const names = matchWeights(run.weights, facts.weights, { name, layers })
  const rename = renamer(names)
  const renamed = rounds.map((round) => rename(round))
  const initial = renamed[0]?.initial ?? renamedValues(run.initial, names)
  const settings = renamedSettings(run.settings, names)
  const present = point && rename(point)
  const asked = { facts, options, name }
  checkRun({ run: { ...run, initial, settings }, rounds: renamed, point: present }, asked)
  const { save, savePoint, ...checks } = entryWriter(functions, { run, rounds: [...rounds], sum })
  const back = renamer(new Map([...names].map(([was, is]) => [is, was])))
  return {
    ...{ initial, rounds: renamed, point: present, ...checks },
    save: (round) => save(back(round)),
    savePoint: (next) => savePoint(back(next)),
  }
}

function renamedValues(values: RunEntry['initial'], names: NewNames): RunEntry['initial'] {
  return Object.fromEntries(Object.entries(values).map(([name, own]) => [names.get(name)!, own]))
}

function renamedSettings(settings: RunFacts['settings'], names: NewNames): RunFacts['settings'] {
  const select = settings.select as readonly (readonly [string, number])[]
  const renamed = select.map(([name, least]) => [names.get(name) ?? name, least])
  return { ...renamedPieces(settings, names), select: renamed }
}
