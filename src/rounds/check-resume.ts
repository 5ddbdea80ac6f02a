import { describe } from '../internal/describe.js'
import { bindMask } from '../masks/check-mask.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Rewinder } from '../types.js'
import { checkArrays } from './check-arrays.js'
import { checkSameWeights } from './check-same-weights.js'
import { isCaptured } from './dense-round.js'
import type { Round } from './round.js'
import { otherPiece, type RoundPieces } from './round-pieces.js'
import type { RoundPoint } from './round-point.js'
import type { Run } from './run.js'

/**
 * Throws unless the finished rounds of an earlier run fit the model, the rewinder and the schedule
 * of this one.
 */
export function checkResume(
  resume: readonly Round[],
  { resolved, rewinder, schedule }: Pick<Run, 'resolved' | 'rewinder' | 'schedule'>,
): void {
  if (!Array.isArray(resume)) {
    const got = describe(resume)
    throw new TypeError(`Cannot resume: expected a list of finished rounds, got ${got}`)
  }
  for (const [index, round] of resume.entries()) checkFinished(round, index, resolved)
  checkRewound(resume, rewinder)
  // A rule must not choose a round that is sparser than the schedule allows.
  const { rounds = Number.POSITIVE_INFINITY } = schedule
  if (resume.length <= rounds) return
  throw new RangeError(
    `Cannot resume: expected rounds of this schedule (${rounds} in all), got ${resume.length}`,
  )
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
  checkArrays(round, { task: 'resume', parts: ['mask', 'trained', 'initial'] })
  bindMask(weights, round.mask)
  for (const values of [round.trained, round.initial]) checkSameWeights(weights, values)
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
  const [dense] = resume
  if (dense && capture && !isCaptured(dense.checkpoint, capture)) {
    const wanted = `rounds that hold its checkpoint ${JSON.stringify(capture)}`
    throw new RangeError(
      `Cannot resume with ${name}: expected ${wanted}, got those of another rewinder`,
    )
  }
}

/**
 * Throws unless the finished rounds were made by the pieces of this run, and at its densities.
 * Rounds that do not tell are taken as they are.
 */
export function checkMade(
  { finished, schedule }: Run,
  pieces: RoundPieces,
  point: RoundPoint | undefined,
): void {
  const { rounds = Number.POSITIVE_INFINITY } = schedule
  const begun = point ? [{ round: point.round, made: { density: point.density } }] : []
  for (const { round, made } of [...finished, ...begun]) {
    if (!made || round >= rounds) continue
    const { density, ...others } = made
    const asked = schedule(round)
    const other = asked === density ? otherPiece(others, pieces) : 'schedule'
    if (!other) continue
    const [wanted, got] =
      other === 'schedule' ? [` (density ${asked})`, ` (${density})`] : ['', ' of another']
    throw new RangeError(
      `Cannot resume: expected rounds of this ${other}${wanted}, got round ${round}${got}`,
    )
  }
}

function namesOf(weights: readonly { readonly name: string }[]): string {
  return weights.map(({ name }) => name).join(', ')
}
