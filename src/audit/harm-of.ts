import { clopperPearson } from '../metrics/clopper-pearson.js'
import { mcnemar } from '../metrics/mcnemar.js'
import type { Interval } from '../types.js'
import type { Harm, HarmSide } from './audit.js'
import type { AuditedNetwork } from './audited-network.js'
import { binnedError } from './calibration-error.js'
import { meanTest } from './mean-test.js'

/** The networks of an audit and how it looks at them. */
export interface Audited {
  readonly dense: readonly AuditedNetwork[]
  readonly pruned: readonly AuditedNetwork[]
  readonly classes: number
  readonly confidence: number
  readonly bins: number
  /** Places of the samples whose modal prediction changes. */
  readonly changed: ReadonlySet<number>
}

/** Samples that are looked at together. */
export interface Part {
  readonly places: Uint32Array
  /** Where the calibration of a class is told: its index, and the samples that it is told over. */
  readonly calibrated?: { readonly class: number; readonly among: Uint32Array }
}

/** The harm of a part, without the test of its impact. */
export function harmOf(audited: Audited, part: Part): Harm {
  const { dense, pruned, confidence, changed } = audited
  const { places } = part
  const pairs = dense.map((network, i) => countPair(places, [network, pruned[i]!]))
  const side = (found: readonly number[], networks: readonly AuditedNetwork[]): HarmSide => ({
    ...recallOf(found, places.length, confidence),
    calibrationError: calibrationOf(networks, part, audited),
    distance: medianDistance(networks, places),
  })
  return {
    samples: places.length,
    dense: side(
      pairs.map(({ both, lost }) => both + lost),
      dense,
    ),
    pruned: side(
      pairs.map(({ both, regained }) => both + regained),
      pruned,
    ),
    ...differenceOf(pairs, places.length, confidence),
    lost: sumOf(pairs.map(({ lost }) => lost)),
    regained: sumOf(pairs.map(({ regained }) => regained)),
    exemplars: places.filter((place) => changed.has(place)).length,
    impact: null,
  }
}

interface PairCounts {
  readonly both: number
  readonly lost: number
  readonly regained: number
}

function countPair(
  places: Uint32Array,
  [dense, pruned]: readonly [AuditedNetwork, AuditedNetwork],
): PairCounts {
  let [both, lost, regained] = [0, 0, 0]
  for (const i of places) {
    const [was, is] = [dense, pruned].map(({ labels, predictions }) => predictions[i] === labels[i])
    if (was && is) both++
    else if (was) lost++
    else if (is) regained++
  }
  return { both, lost, regained }
}

function recallOf(found: readonly number[], samples: number, confidence: number) {
  if (samples === 0) return { recall: null, interval: null }
  if (found.length === 1) {
    const interval = clopperPearson(found[0]!, samples, { confidence })
    return { recall: found[0]! / samples, interval }
  }
  const { mean, interval } = meanTest(
    found.map((count) => count / samples),
    confidence,
  )
  return { recall: mean, interval: within(interval!, 0, 1) }
}

function differenceOf(pairs: readonly PairCounts[], samples: number, confidence: number) {
  if (samples === 0) return { difference: null, differenceInterval: null, pValue: null }
  const [pair] = pairs as readonly [PairCounts]
  if (pairs.length === 1) {
    const half = { confidence: 1 - (1 - confidence) / 2 }
    const gain = clopperPearson(pair.regained, samples, half)
    const loss = clopperPearson(pair.lost, samples, half)
    return {
      difference: (pair.regained - pair.lost) / samples,
      differenceInterval: { lower: gain.lower - loss.upper, upper: gain.upper - loss.lower },
      pValue: mcnemar(pair.regained, pair.lost),
    }
  }
  const { mean, interval, pValue } = meanTest(
    pairs.map(({ lost, regained }) => (regained - lost) / samples),
    confidence,
  )
  return { difference: mean, differenceInterval: within(interval!, -1, 1), pValue }
}

function within({ lower, upper }: Interval, least: number, most: number): Interval {
  return { lower: Math.max(least, lower), upper: Math.min(most, upper) }
}

/** Mean over the networks; null where one of them does not tell its probabilities. */
function calibrationOf(
  networks: readonly AuditedNetwork[],
  { places, calibrated }: Part,
  { classes, bins }: Audited,
): number | null {
  const among = calibrated?.among ?? places
  if (places.length === 0 || among.length === 0) return null
  const looked = calibrated ? [calibrated.class] : Array.from({ length: classes }, (_, c) => c)
  const errors = networks.flatMap(({ labels, probabilities }) =>
    looked.map((one) => {
      const column = probabilities[one]
      if (!column) return null
      const isClass = (i: number) => labels[i] === one
      return binnedError(among, { isClass, probabilities: column, bins })
    }),
  )
  return errors.includes(null) ? null : sumOf(errors as readonly number[]) / errors.length
}

/** Over all networks of a side and all samples of a part. */
function medianDistance(networks: readonly AuditedNetwork[], places: Uint32Array): number | null {
  if (places.length === 0 || networks.some(({ distances }) => !distances)) return null
  const all = new Float64Array(places.length * networks.length)
  for (const [k, { distances }] of networks.entries())
    places.forEach((place, i) => {
      all[k * places.length + i] = distances![place]!
    })
  all.sort()
  const middle = all.length / 2
  return (all[Math.ceil(middle) - 1]! + all[Math.floor(middle)]!) / 2
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
