import { nodeBuiltin } from '../../internal/node-builtin.js'

const SCHEME = 'file://'

/**
 * Whether a place is a path or a `file://` URL, and not a URL of another scheme, `data:` and
 * `blob:` among them.
 */
export function isPath(place: string | URL): boolean {
  const text = String(place)
  return text.startsWith(SCHEME) || !/^([a-z][a-z\d+.-]*:\/\/|data:|blob:)/i.test(text)
}

/**
 * The path of a place that {@link isPath}. Of a text, all that follows `file://`, as in tfjs-node;
 * of a URL object, the path without its escapes, as in Node. A plain path stays as it is. Throws a
 * RangeError for a URL that names a host.
 */
export function pathOf(place: string | URL, task: string): string {
  const text = String(place)
  if (!text.startsWith(SCHEME)) return text
  const rest = text.slice(SCHEME.length)
  // A path from the root, from here, or of a drive of Windows.
  if (rest !== '' && !/^([/\\.]|[a-z]:)/i.test(rest)) {
    const wanted = 'a file:// URL without a host, such as file:///folder or file://./folder'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${text}`)
  }
  if (typeof place === 'string') return rest
  const urls = nodeBuiltin<{ fileURLToPath(url: URL): string }>('node:url')
  return urls ? urls.fileURLToPath(place) : rest
}
