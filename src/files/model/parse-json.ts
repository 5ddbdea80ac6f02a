import { refusal } from './refusal.js'

/** Most brackets within each other; models nested in models take six each. */
export const deepestNesting = 1000

// The bytes of " and \, [ and ], { and }.
const [QUOTE, ESCAPE] = [0x22, 0x5c]
const [LIST, LIST_END] = [0x5b, 0x5d]
const [OBJECT, OBJECT_END] = [0x7b, 0x7d]

/**
 * Reads JSON of a file from anywhere. Throws a RangeError where it is none, or nested too deep.
 *
 * @param remedy Words that follow on the fault of a text that is no JSON.
 */
export function parseJson(bytes: Uint8Array, where: string, remedy?: string): unknown {
  // The parser would take its time and memory for millions of brackets.
  if (nestingOf(bytes) > deepestNesting)
    throw refusal(`JSON of at most ${deepestNesting} nested brackets in ${where}`, 'more')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const { message } = cause as Error
    throw refusal(`JSON in ${where}`, remedy ? `${message}: ${remedy}` : message, cause)
  }
}

/** Brackets that are open at once, at most, in JSON. */
export function nestingOf(json: Uint8Array): number {
  let [depth, deepest] = [0, 0]
  let inText = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]
    if (byte === QUOTE) inText = !inText
    else if (inText) i += byte === ESCAPE ? 1 : 0
    else if (byte === LIST || byte === OBJECT) deepest = Math.max(deepest, ++depth)
    else if (byte === LIST_END || byte === OBJECT_END) depth--
  }
  return deepest
}
