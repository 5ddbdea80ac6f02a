import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { WrongUse } from '../terminal/wrong-use.js'
import { checkEnding } from './check-ending.js'

/**
 * Throws where an output that is to be one file is a folder, or named as one or as another file.
 *
 * @param example A name of such a file.
 */
export async function checkFile(output: string, example: string): Promise<void> {
  checkEnding(output, `a file such as ${example}`, [extname(example)])
  const found = await stat(output).catch(() => undefined)
  if (!found?.isDirectory() && !/[/\\]$/.test(output)) return
  throw new WrongUse(`Cannot write ${output}: expected a file such as ${example}, got a folder`)
}
