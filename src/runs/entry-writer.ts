import { crc32 } from '../files/container/crc32.js'
import type { Round } from '../rounds/round.js'
import type { OpenedRun } from '../rounds/run-store.js'
import { bareRound } from './bare-round.js'
import { writeEntry } from './entry.js'
import { toJsonValue } from './plain-data.js'
import type { StoreFunctions } from './store-functions.js'
import {
  POINT,
  type PointEntry,
  type RoundEntry,
  RUN,
  type RunEntry,
  roundName,
  sharedParts,
} from './stored-run.js'

/** A run as far as it is written; the writer adds to it. */
interface Written {
  readonly run: RunEntry
  readonly rounds: Round[]
  /** Checksum of the entry of the run; undefined until it is written. */
  sum: number | undefined
}

/** Writes the entries of a run, that of the run itself before the first of the others. */
export function entryWriter(
  functions: StoreFunctions,
  written: Written,
): Pick<OpenedRun, 'save' | 'savePoint' | 'checkEvaluation'> {
  const { run, rounds } = written
  const sumOfRun = async () => {
    if (written.sum === undefined) {
      const bytes = await writeEntry('run', run)
      await functions.write(RUN, bytes)
      written.sum = crc32(bytes)
    }
    return written.sum
  }
  const writePoint = async (entry: PointEntry) =>
    functions.write(POINT, await writeEntry('point', entry))
  return {
    checkEvaluation: (evaluation) => void toJsonValue({ round: { evaluation } }, () => null),
    save: async (round) => {
      const sum = await sumOfRun()
      const entry: RoundEntry = { ...bareRound(round, sharedParts(run, rounds)), run: sum }
      await functions.write(roundName(round.round), await writeEntry('round', entry))
      rounds.push(round)
      // The point within the round has done its work.
      await writePoint({ run: sum, next: rounds.length })
    },
    savePoint: async (point) => writePoint({ run: await sumOfRun(), next: point.round, point }),
  }
}
