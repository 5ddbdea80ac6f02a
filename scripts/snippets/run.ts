/**
 * Runs snippets one after another in this process, on the cpu backend. Reads `[{ place, module,
 * printed }]` as JSON from the file named first, prints each failure as `place - message`, and exits
 * with 1 if there was one. Math.random begins anew for each, so that an example either always passes or
 * always fails.
 */
import { readFileSync, writeSync } from 'node:fs'
import '@tensorflow/tfjs-backend-cpu'
import { env, ready, setBackend } from '@tensorflow/tfjs-core'

/** Only an example that hangs takes as long, on a busy machine too. */
const SECONDS = 300

const snippets = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as {
  place: string
  module: string
  /** The text that it is to print, words apart from spaces and line ends. */
  printed?: string
}[]
let current = ''
let failures = 0

function fail(place: string, error: unknown): void {
  failures++
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = new RegExp(
    `${place.replace(/.*\//, '').replace(/:\d+$/, '')}[^:]*:(\\d+):\\d+`,
  ).exec(stack)?.[1]
  const at = line ? place.replace(/\d+$/, line) : place
  writeSync(2, `${at} - ${error instanceof Error ? `${error.name}: ${error.message}` : stack}\n`)
}

/** Throws unless two texts have the same words: long lines are broken in the documentation. */
function checkPrinted(text: string, wanted: string): void {
  const [own, other] = [text, wanted].map((one) => one.trim().replaceAll(/\s+/g, ' '))
  if (own !== other) throw new Error(`prints other text than it says:\n${text}`)
}

function deadline(): { promise: Promise<never>; cancel: () => void } {
  let cancel = () => {}
  const promise = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`took more than ${SECONDS} s`)), SECONDS * 1000)
    cancel = () => clearTimeout(timer)
  })
  return { promise, cancel }
}

/** Numbers in [0, 1) from a seed: a Weyl sequence, scrambled by multiply and xor-shift. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

// An example that awaits what never comes lets Node stop: that is a failure too.
process.on('exit', () => {
  if (current) fail(current, new Error('never finished'))
  process.exitCode = failures > 0 ? 1 : 0
})
// Not by listeners: tfjs-backend-wasm installs its own, which end the process.
process.setUncaughtExceptionCaptureCallback((error) => fail(current, error))
for (const method of ['log', 'info', 'table', 'warn', 'error'] as const) console[method] = () => {}
let lines: string[] = []
console.log = (...values) => void lines.push(values.join(' '))

env().set('PROD', true)
for (const { place, module, printed } of snippets) {
  current = place
  lines = []
  Math.random = seededRandom(1)
  await setBackend('cpu')
  await ready()
  const { promise, cancel } = deadline()
  try {
    await Promise.race([import(module), promise])
    if (printed !== undefined) checkPrinted(lines.join('\n'), printed)
  } catch (error) {
    fail(place, error)
  } finally {
    cancel()
  }
}
current = ''
process.exit()
