import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from './internal/busy-models.js'
import { checkOptions, type OptionChecks } from './internal/check-options.js'
import { checkFunctionPiece, refuseFactory } from './internal/check-piece.js'
import { copyOptions } from './internal/copy-options.js'
import { thenClose } from './internal/then-close.js'
import { askRule } from './rounds/ask-rule.js'
import { areLeft } from './rounds/left-weights.js'
import { openRun, prepareRun } from './rounds/open-run.js'
import { PruningError } from './rounds/pruning-error.js'
import { type PruningOptions, pruningChecks } from './rounds/pruning-options.js'
import { roundsOf } from './rounds/pruning-rounds.js'
import type { Round } from './rounds/round.js'
import type { Run } from './rounds/run.js'
import { writeTrained } from './rounds/write-trained.js'
import type { SkippedLayer } from './select/prunable-weights.js'
import { task } from './step/step-options.js'
import { never } from './stopping/never.js'
import { NO_ROUND } from './stopping/no-round.js'
import type { Evaluation, Schedule, StoppingDecision, StoppingRule } from './types.js'

/** Options of {@link prune}. */
export interface PruneOptions<E = Evaluation> extends PruningOptions<E> {
  /** When to stop and which round to keep. @default never(): the last round of the schedule */
  readonly stop?: StoppingRule<E>
}

/** The part that both outcomes of {@link prune} have. */
interface Outcome<E> {
  /** All finished rounds, the dense one first. */
  readonly rounds: readonly Round<E>[]
  /** Why the kept round is kept, or why no round is, in words with the numbers. */
  readonly reason: string
  /** Why the run ended: the words of the rule that stopped it, or that the schedule is done. */
  readonly ended: string
  /** The stopping rule as it was written, e.g. `falseNegativesAtMost(3)`, or its own name. */
  readonly rule: string
  /** Layers that have weights and were left whole, and why. */
  readonly skipped: readonly SkippedLayer[]
}

/** A round met the rule: the model holds its trained sparse weights. */
export interface KeptResult<E = Evaluation> extends Outcome<E> {
  readonly feasible: true
  readonly kept: Round<E>
}

/** No round met the rule: the model holds the trained dense weights of round 0. */
export interface InfeasibleResult<E = Evaluation> extends Outcome<E> {
  readonly feasible: false
  readonly kept: undefined
}

/** The outcome of {@link prune}; look at `feasible` before you ship. */
export type PruneResult<E = Evaluation> = KeptResult<E> | InfeasibleResult<E>

const checks: OptionChecks<PruneOptions> = {
  ...pruningChecks,
  stop: (value, { name }) => {
    const option = { task, name, kind: 'a stopping rule' } as const
    checkFunctionPiece(value, option)
    refuseFactory(value as StoppingRule, [[]], option)
  },
}

/**
 * Prunes a model by Algorithm 1 and keeps the round that the stopping rule chooses.
 *
 * Each round trains the network, scores its weights, prunes the lowest, and lets the survivors
 * restart; the ledger of every round shows the false negatives. The defaults are the paper's: seven
 * levels from 100 to 1.57 %, magnitude increase, per layer, rewinding to W0; and for `fit` its
 * class-dependent loss. The model is changed in place.
 *
 * @param model A built model.
 * @param options Training, evaluation, stopping rule and the pieces to combine.
 * @returns The rounds, the kept one, and why. `feasible: false` when no round met the rule; the
 *   model then holds the trained dense network. No tensor is left behind.
 * @throws {TypeError | RangeError} If {@link pruningRounds} would throw.
 * @throws {RangeError} If the rule names a round that does not exist.
 * @throws {PruningError} If something fails, or the signal is aborted, when a round is finished:
 *   the error carries the rounds, and `resume` goes on after them. Where only the store cannot be
 *   closed in the end, the model has the kept round.
 * @see Entezari and Saukh 2020, Class-dependent Compression of Deep Neural Networks, arXiv
 *   1909.10364, algorithm 1.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, falseNegativesAtMost, fit, prune } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 16, activation: 'relu', inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([32, 4]), ys: Int32Array.from({ length: 32 }, (_, i) => Number(i % 4 === 0)) }
 * const result = await prune(model, {
 *   train: fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2, clipNorm: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   stop: falseNegativesAtMost(8),
 * })
 * if (!result.feasible) throw new Error(result.reason)
 * if (result.kept.density > 0.03) throw new Error('a budget of all 8 positives accepts the last level')
 * ```
 */
export async function prune<E extends object = Evaluation>(
  model: LayersModel,
  options: PruneOptions<E>,
): Promise<PruneResult<E>> {
  checkOptions(options ?? {}, { task, checks: checks as OptionChecks<PruneOptions<E>> })
  const { stop = never(), ...others } = copyOptions(options as unknown as PruneOptions, checks)
  const run = { ...prepareRun(model, others), stop }
  const { finished: rounds, resolved, schedule } = run
  const start = startInWords(run)
  const decision = await whileBusy(model, () => runUntil(stop, run))
  const { keep } = decision
  const last = rounds[keep ?? 0]!
  const notes = [collapsedInWords(last, rounds), endsInWords(last), frozenInWords(last, resolved)]
  const reason = decision.reason + notes.join('') + start
  const ended = whyEnded(decision, schedule)
  const found = { rounds, reason, ended, rule: stop.name, skipped: resolved.skipped }
  const result: PruneResult =
    keep === undefined
      ? { ...found, feasible: false, kept: undefined }
      : { ...found, feasible: true, kept: last }
  return result as unknown as PruneResult<E>
}

/** The warning for a collapsed round, and the numbers of the others that are. */
function collapsedInWords({ round, collapsed }: Round, rounds: readonly Round[]): string {
  const others = rounds.filter((one) => one.round !== round && one.collapsed)
  const numbers = others.map((one) => one.round).join(', ')
  const own = collapsed ? `; round ${round} is collapsed: ${collapsed}` : ''
  return numbers === '' ? own : `${own}; collapsed and not kept: round ${numbers}`
}

/** The ends that are whole, and the kernels that starve, the poorest first. */
function endsInWords({ spared, starved = [] }: Round): string {
  const poorest = [...starved].sort((a, b) => a.perUnit - b.perUnit)
  const words = poorest.slice(0, 3).map(({ name, kept, units }) => `${name} (${kept} for ${units})`)
  if (poorest.length > 3) words.push(`${poorest.length - 3} more`)
  const whole = spared ? `; whole by spareEnds: ${spared.join(', ')}` : ''
  return words.length > 0
    ? `${whole}; starved (fewer than 2 weights a unit): ${words.join(', ')}`
    : whole
}

/** A warning for a run that begins with the weights that another one has trained, as its W0. */
function startInWords({ finished, resolved, options }: Run): string {
  if (finished.length > 0 || options.previous || !areLeft(resolved.weights)) return ''
  return '; W0 are the weights that an earlier run has trained: build the model anew for a run of its own'
}

/** The share of the model that stays where frozen layers are left whole. */
function frozenInWords({ densityOverAll }: Round, { weights, skipped }: Run['resolved']): string {
  const frozen = new Set(weights.flatMap((weight) => (weight.frozen ? [weight.layer] : [])))
  const isLeft = skipped.some(({ layer }) => frozen.has(layer))
  return isLeft
    ? `; frozen layers are whole: density over all ${densityOverAll.toPrecision(3)}`
    : ''
}

/**
 * Runs rounds until the rule says stop, or the schedule is done, and gives the model the weights of
 * the round to keep. Answers the last decision.
 */
async function runUntil(stop: StoppingRule, run: Run): Promise<StoppingDecision> {
  const { finished, resolved } = run
  // Rounds of another run are refused before the rule is asked about them.
  const open = await openRun(run)
  const work = async () => {
    // A rule looks at finished rounds: without one there is nothing to ask.
    let decision = finished.length > 0 ? decide(stop, finished) : NO_ROUND
    const rounds = roundsOf(open)
    while (!decision.stop && !(await rounds.next()).done) decision = decide(stop, finished)
    writeTrained(resolved.weights, finished[decision.keep ?? 0]!)
    return decision
  }
  try {
    return await thenClose(work, () => open.stored?.close())
  } catch (error) {
    throw finished.length > 0 ? new PruningError(error, finished) : error
  }
}

function whyEnded(decision: StoppingDecision, schedule: Schedule): string {
  const { stop, reason, latest = reason } = decision
  if (stop) return latest
  return schedule.rounds === undefined ? 'nothing is left to prune' : 'the schedule is done'
}

function decide(stop: StoppingRule, rounds: readonly Round[]): StoppingDecision {
  const decision = askRule(stop, rounds)
  const { keep } = decision
  if (keep !== undefined && !rounds[keep]) {
    throw new RangeError(
      `Cannot keep a round: expected one of ${rounds.length} finished rounds, got ${keep}`,
    )
  }
  return decision
}
