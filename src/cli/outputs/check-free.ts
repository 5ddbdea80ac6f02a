import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Throws where something stands in the place of an output already, unless it may be replaced. A
 * folder is taken if it holds a `model.json`.
 */
export async function checkFree(output: string, { force = false } = {}): Promise<void> {
  if (force) return
  const found = await stat(output).catch(() => undefined)
  if (!found) return
  const taken = found.isDirectory() ? join(output, 'model.json') : output
  if (found.isDirectory() && !(await stat(taken).catch(() => undefined))) return
  throw new Error(
    `Cannot write ${output}: expected a place where nothing is, got ${taken}: --force replaces it`,
  )
}
