import { expect, test } from 'vitest'
import { killRuns } from '../../bench/support/kill-runs.js'

test('prune with folderStore ends in the same bits after processes that were killed', async () => {
  const { kills, byRounds, hashes, expected } = await killRuns(4)
  expect(kills).toBe(4)
  expect(byRounds.length).toBeGreaterThan(1) // not all of them fall in the first round
  expect(hashes).toEqual([expected])
})
