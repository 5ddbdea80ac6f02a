import { stat } from 'node:fs/promises'
import { WrongUse } from '../terminal/wrong-use.js'

/**
 * Throws where an output that is to be one file is a folder, or named as one.
 *
 * @param example A name of such a file.
 */
export async function checkFile(output: string, example: string): Promise<void> {
  const found = await stat(output).catch(() => undefined)
  if (!found?.isDirectory() && !/[/\\]$/.test(output)) return
  throw new WrongUse(`Cannot write ${output}: expected a file such as ${example}, got a folder`)
}
