import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Round } from 'tfjs-prune'
import { loadRounds, saveRounds } from 'tfjs-prune/runs'

/**
 * The dense round of a way to train, from a file, or made now and kept there: systems that train the
 * same way share it.
 */
export async function denseRound(
  folder: string,
  name: string,
  make: () => Promise<Round>,
): Promise<Round> {
  const path = join(folder, `${name}.bin`)
  if (existsSync(path)) return (await loadRounds(path))[0]!
  const round = await make()
  mkdirSync(folder, { recursive: true })
  await saveRounds([round], path)
  return round
}
