import { expect, test } from 'vitest'
import { killRuns } from '../../bench/support/kill-runs.js'

test('prune with folderStore ends in the same bits after processes that were killed', async () => {
  const { kills, hashes, expected } = await killRuns(4)
  expect(kills).toBe(4)
  expect(hashes).toEqual([expected])
})
