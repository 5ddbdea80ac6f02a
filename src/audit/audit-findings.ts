import type { Interval } from '../types.js'
import type { Audit } from './audit.js'
import { namedParts } from './named-parts.js'
import { probability, short, withInterval } from './short-number.js'

/** Rank correlations that are shown. */
const SHOWN = 3

/** The findings of an audit as sentences, without those of its table. */
export function auditFindings(audit: Audit): string[] {
  const { worstClass, mostHarmed, exemplars, samples, byClass, classNames } = audit
  const of = (one: number) => `class ${classNames[one]}`
  const points = mostHarmed === null ? 0 : -100 * byClass[mostHarmed]!.difference!
  return [
    `worst class: ${of(worstClass.dense)} of the dense, ${of(worstClass.pruned)} of the pruned`,
    mostHarmed === null
      ? 'most harmed: no class loses recall'
      : `most harmed: ${of(mostHarmed)}, which loses ${short(points)} points`,
    ...impacts(audit),
    ...distortions(audit),
    `exemplars: ${exemplars.length} of ${samples} samples change their modal prediction`,
    ...correlations(audit),
  ]
}

/** The parts that are hit unlike the average, where that was tested. */
function impacts(audit: Audit): string[] {
  if (audit.pairs < 2) return []
  const hit = namedParts(audit).flatMap(({ name, harm: { impact } }) =>
    impact?.isBeyondChance ? [{ name, ...impact }] : [],
  )
  if (hit.length === 0) return ['impact: no part is hit unlike the average beyond chance']
  return hit.map(({ name, difference, adjustedPValue }) => {
    const way = difference < 0 ? 'harder' : 'less'
    const far = `by ${short(Math.abs(100 * difference))} points (p ${probability(adjustedPValue)})`
    return `impact: ${name} is hit ${way} than the average, ${far}`
  })
}

function distortions({ distortion }: Audit): string[] {
  const { intensification: ratio, intensificationInterval: interval } = distortion
  if (ratio === null) return []
  const ways = wayOf(ratio, interval)
  return [`recall distortion: intensification ${withInterval(ratio, interval)}, ${ways}`]
}

function wayOf(ratio: number, interval: Interval | null): string {
  const { lower = ratio, upper = ratio } = interval ?? {}
  if (lower > 1) return 'recalls are pulled further apart'
  return upper < 1 ? 'recalls are pulled nearer together' : 'which may be chance'
}

function correlations({ correlations }: Audit): string[] {
  if (!correlations || correlations.mean === null) return []
  const lowest = correlations.lowest.slice(0, SHOWN)
  const shown = lowest.map((one) => `${short(one.correlation)} (sample ${one.sample})`)
  const rest = shown.length > 0 ? `; lowest ${shown.join(', ')}` : ''
  return [`rank correlations: ${short(correlations.mean)} on average${rest}`]
}
