import { nodeBuiltin } from '../internal/node-builtin.js'
import type { JsonValue, SweepPoint } from './job.js'

/** Longer keys are cut, and end with a hash. */
const LONGEST = 80
const BEGINNING = 48
const PLAIN = /^[A-Za-z_][\w.-]*$/
const WORDS = ['true', 'false', 'null']

/**
 * The key of a point: its knobs in the order of their names, e.g. `seed=1,set=a`. It is the same
 * for the same point, in any process and in any order of the knobs, and another one for another
 * point. A long one is cut, and ends with 16 hexadecimal digits of its SHA-256.
 */
export function jobKey(point: SweepPoint): string {
  const text = sortedEntries(point)
    .map(([knob, value]) => `${textOf(knob)}=${textOf(value)}`)
    .join(',')
  return text.length <= LONGEST ? text : `${text.slice(0, BEGINNING)}...${hashOf(text)}`
}

/** JSON with sorted names; simple words stand without quotes. */
function textOf(value: JsonValue): string {
  if (typeof value === 'string')
    return PLAIN.test(value) && !WORDS.includes(value) ? value : JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`
  const entries = sortedEntries(value as SweepPoint)
  return `{${entries.map(([name, inner]) => `${textOf(name)}:${textOf(inner)}`).join(',')}}`
}

const sortedEntries = (point: SweepPoint) =>
  Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1))

interface Hashes {
  createHash(algorithm: 'sha256'): { update(text: string): { digest(encoding: 'hex'): string } }
}

function hashOf(text: string): string {
  const hashes = nodeBuiltin<Hashes>('node:crypto')
  if (!hashes) {
    const got = 'a platform without node:crypto'
    throw new Error(`Cannot make the key of a job: expected Node 20.16 or later, got ${got}`)
  }
  return hashes.createHash('sha256').update(text).digest('hex').slice(0, 16)
}
