// Processes that store a run in a folder, killed with SIGKILL at random moments and started again:
// the rounds have to be those of a run that nobody killed, to the bit.
import { killRuns } from './support/kill-runs.js'

/** Kills 50 processes and prints the outcome. */
export async function run(): Promise<void> {
  const { hashes, expected, ...counts } = await killRuns(50)
  const isSame = hashes.length === 1 && hashes[0] === expected
  console.log(JSON.stringify({ bench: 'kills', ...counts, isSame }))
  if (!isSame) throw new Error('Cannot go on with the run: expected the same bits, got others')
}
