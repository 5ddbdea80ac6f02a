import { describe } from '../internal/describe.js'
import { bindMask } from '../masks/check-mask.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Rewinder } from '../types.js'
import type { Round } from './round.js'

/**
 * Throws unless the finished rounds of an earlier run fit the model and the rewinder of this one.
 */
export function checkResume(
  resume: readonly Round[],
  { resolved, rewinder }: { resolved: ResolvedModel; rewinder: Rewinder },
): void {
  if (!Array.isArray(resume)) {
    const got = describe(resume)
    throw new TypeError(`Cannot resume: expected a list of finished rounds, got ${got}`)
  }
  for (const [index, round] of resume.entries()) checkFinished(round, index, resolved)
  checkRewound(resume, rewinder)
}

function checkFinished(
  round: Round | undefined,
  index: number,
  { weights, prunable }: ResolvedModel,
): void {
  if (round?.round !== index) {
    const got = `${describe(round?.round)} at ${index}`
    throw new RangeError(`Cannot resume: expected the finished rounds from 0 on, got round ${got}`)
  }
  if (!round.mask || !round.trained || !round.initial) {
    throw new TypeError(
      `Cannot resume: expected round ${index} with its mask and weights, got a report without them`,
    )
  }
  bindMask(weights, round.mask)
  const [wanted, names] = [namesOf(prunable), namesOf(round.mask.weights)]
  if (names === wanted) return
  throw new RangeError(`Cannot resume: expected masks of ${wanted}, got ${names} in round ${index}`)
}

function checkRewound(resume: readonly Round[], { name, capture }: Rewinder): void {
  const other = resume.find((round) => round.rewinder !== name)
  if (other) {
    throw new RangeError(
      `Cannot resume with ${name}: expected rounds that it made, got those of ${other.rewinder}`,
    )
  }
  if (resume.length > 0 && capture && !resume[0]!.checkpoint) {
    const wanted = `rounds that hold its checkpoint ${JSON.stringify(capture)}`
    throw new RangeError(
      `Cannot resume with ${name}: expected ${wanted}, got those of another rewinder`,
    )
  }
}

function namesOf(weights: readonly { readonly name: string }[]): string {
  return weights.map(({ name }) => name).join(', ')
}
