import { expect, test } from 'vitest'
import { runThroughKills } from './run-through-kills.js'
import { skipsRedis } from './start-redis.js'

test.skipIf(skipsRedis)(
  'queue gives each job one outcome while workers, drivers and Redis are killed',
  async () => {
    const random = drawsOf(11)
    const { outcomes, starts } = await runThroughKills({
      jobs: 200,
      workers: 3,
      seconds: 0.15,
      blows: ['worker', 'driver', 'worker', 'redis', 'worker', 'driver', 'worker'],
      between: [500, 1500],
      random,
    })
    expect(outcomes).toHaveLength(200)
    expect(new Set(outcomes.map(({ key }) => key)).size).toBe(200)
    expect(outcomes.filter(({ error }) => error)).toEqual([])
    expect(starts.size).toBe(200)
    // Only a job whose worker was killed under it is begun once more.
    const again = [...starts.values()].reduce((sum, times) => sum + times - 1, 0)
    expect(again).toBeLessThanOrEqual(7)
  },
)

/** A small generator of numbers in [0, 1). */
function drawsOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}
