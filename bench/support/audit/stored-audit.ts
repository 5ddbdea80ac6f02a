// The networks of bench/audit.ts as they are stored: the first line holds the samples, each further
// line a network.
import { readFileSync } from 'node:fs'
import { type Audit, auditOutcomes, type Outcomes } from 'tfjs-prune/audit'

/** The stored networks of the guide. */
export const AUDIT_FILE = 'bench/results/audit-xrays.jsonl'

/** The held-out samples: a character each. */
export interface StoredSamples {
  /** 0 or 1, pneumonia. */
  readonly labels: string
  /** Third by the mean of the pixels: d, m or b, from dark to bright. */
  readonly brightness: string
}

/** A network's scores of the held-out samples. */
export interface StoredNetwork {
  readonly arm: string
  readonly seed: number
  /** 0 is the dense network. */
  readonly round: number
  readonly density: number
  readonly auc: number
  /** Log-odds in hundredths: int16 in base64. */
  readonly scores: string
}

const THIRDS: Readonly<Record<string, string>> = { d: '1 dark', m: '2 middle', b: '3 bright' }

/** Log-odds as they are stored: rounded to hundredths. */
export function encodeScores(scores: Float64Array): string {
  const hundredths = Int16Array.from(scores, (score) =>
    Math.max(-32767, Math.min(32767, Math.round(100 * score))),
  )
  return Buffer.from(hundredths.buffer).toString('base64')
}

/** The log-odds of a stored network. */
export function decodeScores(scores: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(scores, 'base64'))
  return Float64Array.from(new Int16Array(bytes.buffer), (value) => value / 100)
}

/** The audit of an arm over all seeds that have both networks, each at its own boundary. */
export function storedAudit(arm: string, file = AUDIT_FILE): Audit {
  const [first, ...rest] = readFileSync(file, 'utf8').trim().split('\n')
  const samples: StoredSamples = JSON.parse(first!)
  const networks = rest.map((line): StoredNetwork => JSON.parse(line))
  const labels = Array.from(samples.labels, Number)
  const outcomesOf = ({ scores: stored }: StoredNetwork): Outcomes => {
    const scores = decodeScores(stored)
    const predictions = Array.from(scores, (score) => Number(score >= 0))
    return { labels, predictions, scores, positiveClass: 1 }
  }
  const side = (isDense: boolean) =>
    networks
      .filter((one) => one.arm === arm && (one.round === 0) === isDense)
      .sort((a, b) => a.seed - b.seed)
      .map(outcomesOf)
  return auditOutcomes(side(true), side(false), {
    classNames: ['normal', 'pneumonia'],
    groups: { brightness: Array.from(samples.brightness, (third) => THIRDS[third]!) },
  })
}
