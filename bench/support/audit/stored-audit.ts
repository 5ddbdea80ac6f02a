// The networks of bench/audit.ts as they are stored: the first line holds the samples, each further
// line a network.

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
