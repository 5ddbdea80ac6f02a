import type { ClassHarm } from './audit.js'
import type { AuditedNetwork } from './audited-network.js'
import type { Audited } from './harm-of.js'

/** Numbers that an audit does not tell, with the reason, and networks that lost a class. */
export function notesOf(
  { dense, pruned, classes }: Audited,
  byClass: readonly ClassHarm[],
  names: readonly string[],
): string[] {
  const empty = byClass.filter(({ samples }) => samples === 0).map((one) => names[one.class]!)
  const networks = [...dense, ...pruned]
  const isTold = networks.every(({ probabilities }) => !probabilities.includes(undefined))
  const hasDistances = networks.every(({ distances }) => distances)
  return [
    ...(empty.length > 0 ? [`no samples, and nothing is told, of class ${empty.join(', ')}`] : []),
    ...(dense.length < 2
      ? ['one pair of networks: impact is not tested, which takes two networks a side or more']
      : []),
    ...(isTold ? [] : ['calibration errors are told only of classes whose scores are there']),
    ...(hasDistances
      ? []
      : ['distances to the boundary are not told: scores or logits are missing']),
    ...(classes < 3
      ? ['rank correlations are not told: they take three classes or more']
      : isTold
        ? []
        : ['rank correlations are not told: logits are missing']),
    ...silent(dense, { side: 'dense', byClass, names }),
    ...silent(pruned, { side: 'pruned', byClass, names }),
  ]
}

interface Side {
  readonly side: string
  readonly byClass: readonly ClassHarm[]
  readonly names: readonly string[]
}

/** The networks of a side that never say a class which has samples. */
function silent(networks: readonly AuditedNetwork[], { side, byClass, names }: Side): string[] {
  return networks.flatMap(({ predictions }, place) => {
    const said = new Set(Array.from(predictions))
    const lost = byClass.filter((one) => one.samples > 0 && !said.has(one.class))
    if (lost.length === 0) return []
    const which = networks.length === 1 ? `the ${side} network` : `${side} network ${place}`
    return [`${which} never says class ${lost.map((one) => names[one.class]!).join(', ')}`]
  })
}
