// A sweep from a queue on which kill -9 falls, again and again: each job has to have one outcome.
import { runThroughKills } from '../test/sweep/queue/run-through-kills.js'

const ROUNDS = 20
const BLOWS = ['worker', 'driver', 'worker', 'redis', 'worker'] as const

/** Kills 100 times in all and prints the outcome. */
export async function run(): Promise<void> {
  const jobs = 2000
  const blows = Array.from({ length: ROUNDS }, () => BLOWS).flat()
  const { outcomes, starts, seconds } = await runThroughKills({
    ...{ jobs, workers: 3, seconds: 0.15, blows, between: [500, 2500], random: Math.random },
  })
  const distinct = new Set(outcomes.map(({ key }) => key)).size
  const twice = [...starts.values()].filter((times) => times > 1).length
  const errors = outcomes.filter(({ error }) => error).length
  const facts = { jobs, blows: blows.length, outcomes: outcomes.length, distinct, errors, twice }
  console.log(JSON.stringify({ bench: 'queue-kills', ...facts, seconds: Math.round(seconds) }))
  if (outcomes.length !== jobs || distinct !== jobs)
    throw new Error('Cannot go on: expected one outcome of each job, got others')
}
