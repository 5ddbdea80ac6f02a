import { describe } from '../internal/describe.js'
import { nodeBuiltin } from '../internal/node-builtin.js'
import { optionError } from '../internal/option-error.js'

/**
 * The URL of a module: that of a path, from the current folder, or the URL itself, of any scheme.
 *
 * @throws {TypeError} If it is neither a text nor a URL.
 * @throws {RangeError} If it is empty.
 */
export function moduleUrl(module: unknown, task: string): string {
  if (typeof module !== 'string' && !(module instanceof URL)) {
    const wanted = 'the path or URL of a module as module'
    throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(module)}`))
  }
  const text = String(module)
  if (text === '')
    throw optionError(new RangeError(`Cannot ${task}: expected a path as module, got ""`))
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) return text
  const urls = nodeBuiltin<{ pathToFileURL(path: string): URL }>('node:url')
  if (urls) return urls.pathToFileURL(text).href
  throw new Error(`Cannot ${task}: expected a URL as module in a browser, got ${text}`)
}
