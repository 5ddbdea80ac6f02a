import { isPath, pathOf } from '../files/disk/path-of.js'
import { saveFile } from '../files/disk/save-file.js'
import { describe } from '../internal/describe.js'
import { checkArrays } from '../rounds/check-arrays.js'
import type { Round } from '../rounds/round.js'
import { type BareRound, bareRound, type SharedParts } from './bare-round.js'
import { writeEntry } from './entry.js'

/** Rounds in one file. */
export interface RoundsEntry extends SharedParts {
  readonly rounds: readonly BareRound[]
}

const task = 'save the rounds'

/**
 * Writes finished rounds as one file: reports, masks and weights, to the bit. Seven levels of a
 * network take about as much as their kept values, not seven dense copies.
 *
 * JSON loses typed arrays and NaN, and `structuredClone` writes no file; {@link loadRounds} brings
 * these rounds back as they are, for `resume`, `dense`, `applyTrained` and the ledger.
 *
 * @param rounds Finished rounds, at least one: those of `prune`, of a `PruningError` or of a store.
 * @param target A path, or a `file://` URL, for Node; the file is written whole or not at all.
 *   @default the bytes alone
 * @returns The bytes of the file.
 * @throws {TypeError | RangeError} If `rounds` is no list of finished rounds with their typed
 *   arrays, an evaluation is no plain data, or the target is no path.
 * @throws {Error} If the file system refuses to save.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { loadRounds, saveRounds } from 'tfjs-prune/runs'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const options = {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5, 0.25],
 * }
 * const { rounds } = await prune(model, options)
 * const bytes = await saveRounds(rounds.slice(0, 2))
 * const { rounds: all } = await prune(model, { ...options, resume: await loadRounds(bytes) })
 * if (all.length !== 3) throw new Error('the run goes on after two rounds')
 * ```
 */
export async function saveRounds(
  rounds: readonly Round<object>[],
  target?: string | URL,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = target === undefined ? undefined : pathOfTarget(target)
  if (!Array.isArray(rounds))
    throw new TypeError(`Cannot ${task}: expected a list of rounds, got ${describe(rounds)}`)
  const all = rounds as readonly Round[]
  const [first] = all
  if (!first) throw new RangeError(`Cannot ${task}: expected at least one round, got none`)
  for (const round of all) checkArrays(round, { task, parts: ['mask', 'trained', 'initial'] })
  const shared: SharedParts = {
    initial: first.initial,
    checkpoint: all.find(({ checkpoint }) => checkpoint)?.checkpoint,
  }
  const entry: RoundsEntry = { ...shared, rounds: all.map((round) => bareRound(round, shared)) }
  const bytes = await writeEntry('rounds', entry)
  if (path !== undefined) await saveFile({ path, bytes }, { task })
  return bytes
}

function pathOfTarget(target: string | URL): string {
  const isPlace = typeof target === 'string' || target instanceof URL
  if (!isPlace || !isPath(target)) {
    const got = isPlace ? `${target}` : describe(target)
    const wanted = 'a path or a file:// URL'
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  const path = pathOf(target, task)
  if (path === '') throw new RangeError(`Cannot ${task}: expected a path, got '${target}'`)
  return path
}
