import { isSameMask } from '../rounds/is-same-mask.js'
import { unpackWeights } from '../rounds/packed-weights.js'
import type { Round } from '../rounds/round.js'
import { isAlike } from '../rounds/round-pieces.js'
import type { RoundPoint } from '../rounds/round-point.js'
import type { RunFacts } from '../rounds/run-store.js'
import { isSameData } from './is-same-data.js'
import type { StoreOptions } from './store-options.js'
import type { RunEntry } from './stored-run.js'

interface Stored {
  /** With the names of the model's weights. */
  readonly run: RunEntry
  readonly rounds: readonly Round[]
  /** The state within the next round. */
  readonly point: RoundPoint | undefined
}

interface Asked {
  readonly facts: RunFacts
  readonly options: StoreOptions
  /** Name of the store. */
  readonly name: string
}

/** Names of the options that make an answer with another name. */
const OPTIONS: Readonly<Record<string, string>> = {
  allocation: 'allocate',
  grouping: 'granularity',
  selection: 'select',
  teaching: 'teach',
}

/** Settings that older stores lack: they are compared where both have them. */
const LATER: readonly string[] = ['grouping', 'selection']

/** Throws a RangeError that names the option unless a stored run is the one that is asked for. */
export function checkRun(stored: Stored, { facts, options, name }: Asked): void {
  const refuse = (wanted: string, got: string) =>
    new RangeError(
      `Cannot go on with the run in ${name}: expected ${wanted}, got ${got}. ` +
        'A run with other options needs a store of its own.',
    )
  const { run, rounds, point } = stored
  const other = otherOption(run.settings, facts.settings)
  if (other) throw refuse(`the option ${other.name} as it was, ${other.was}`, other.is)
  const [dense] = rounds
  const first = dense ?? point
  if (dense && facts.dense && !isSameData(dense.trained, facts.dense.trained))
    throw refuse('the option dense as it was', 'another dense round')
  if (first && facts.previous && !isSameMask(first.mask, facts.previous))
    throw refuse('the option previous as it was', 'another mask')
  if (options.initial === 'stored') return
  const weight = otherWeight(stored, facts)
  if (weight === undefined) return
  throw new RangeError(
    `Cannot go on with the run in ${name}: expected a model with the W0 of the stored run, or with ` +
      `the weights of one of its rounds, got other values in ${weight}. Initializers with a seed ` +
      "give the same W0 again; a store with initial: 'stored' takes any model.",
  )
}

function otherOption(was: RunFacts['settings'], is: RunFacts['settings']) {
  const all = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const names = all.filter((one) => was[one] !== undefined || !LATER.includes(one))
  const name = names.find((one) => !isAlike(one, was[one], is[one]))
  if (name === undefined) return undefined
  const [a, b] = [was[name], is[name]]
  if (name !== 'training' || !isRecord(a) || !isRecord(b))
    return { name: OPTIONS[name] ?? name, was: inWords(a), is: inWords(b) }
  const parts = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const part = parts.find((one) => !isAlike(one, a[one], b[one]))!
  return { name: `${part} of fit`, was: inWords(a[part]), is: inWords(b[part]) }
}

/** The first weight whose values are neither those of W0 nor those of one and the same round. */
function otherWeight({ run, rounds }: Stored, { present }: RunFacts): string | undefined {
  const differs = (values: RunFacts['present']) =>
    Object.keys(values).find((name) => !isSameData(values[name], present[name]))
  const first = differs(run.initial)
  if (first === undefined) return undefined
  const isRound = rounds.some(({ trained, mask }) => !differs(unpackWeights(trained, mask)))
  return isRound ? undefined : first
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function inWords(value: unknown): string {
  const text = value === undefined ? 'left out' : JSON.stringify(value)
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}
