import { extname } from 'node:path'
import { WrongUse } from '../terminal/wrong-use.js'

/** Endings of files that other commands, or other programs, write and read. */
const TAKEN = ['.tfpr', '.onnx', '.wasm', '.html', '.bin', '.json']

/**
 * Throws where the ending of an output tells of another form than it is written in.
 *
 * @param wanted The form that it is written in.
 * @param own Endings that this form has.
 */
export function checkEnding(output: string, wanted: string, own: readonly string[]): void {
  const ending = extname(output).toLowerCase()
  if (own.includes(ending) || !TAKEN.includes(ending)) return
  throw new WrongUse(
    `Cannot write ${output}: expected ${wanted}, got a name that ends in ${ending}`,
  )
}
