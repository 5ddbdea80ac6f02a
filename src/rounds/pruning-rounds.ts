import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { releaseTape } from '../internal/release-tape.js'
import { thenClose } from '../internal/then-close.js'
import { writeValues } from '../internal/weight-values.js'
import type { Evaluation } from '../types.js'
import { markLeft } from './left-weights.js'
import { openRun, prepareRun } from './open-run.js'
import type { PruningOptions } from './pruning-options.js'
import type { Round } from './round.js'
import type { OpenRun } from './run.js'
import { runRound } from './run-round.js'
import { writeTrained } from './write-trained.js'

/**
 * Algorithm 1 as an async iterator, for those who drive themselves: train, score, prune, rewind,
 * again.
 *
 * Yields each finished round, the dense one first; with `store` or `resume`, those that this call
 * makes. The caller's model is trained in place and holds the yielded round's trained sparse weights
 * whenever the iterator rests; where no round is left to make, it gets those of the last one.
 * Breaking off is always safe. A schedule without an end stops when nothing is left to prune.
 *
 * @param model A built model.
 * @param options Training, evaluation and the pieces to combine.
 * @returns An async iterator of rounds. It leaves no tensor behind.
 * @throws {TypeError | RangeError} If an option is of the wrong type, nothing is prunable, weights
 *   are not finite, a schedule grows, or the rounds to resume do not fit: before any weight
 *   changes. An error of the training function, the criterion or the evaluation is passed on; the
 *   model is then back at the last finished round (or W0).
 * @see Entezari and Saukh 2020, Class-dependent Compression of Deep Neural Networks, arXiv
 *   1909.10364, algorithm 1.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, pruningRounds } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [16] })] })
 * const data = { xs: randomNormal([8, 16]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const options = {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 * }
 * const densities: number[] = []
 * for await (const round of pruningRounds(model, options)) {
 *   densities.push(round.density)
 *   if (round.density <= 0.25) break
 * }
 * if (densities.join() !== '1,0.5,0.25') throw new Error('half of the weights go each round')
 * ```
 */
export async function* pruningRounds<E extends object = Evaluation>(
  model: LayersModel,
  options: PruningOptions<E>,
): AsyncGenerator<Round<E>, void> {
  const prepared = prepareRun(model, options as unknown as PruningOptions)
  let run: OpenRun | undefined
  let rounds: ReturnType<typeof roundsOf> | undefined
  const next = async () => {
    run ??= await openRun(prepared)
    rounds ??= roundsOf(run)
    return rounds.next()
  }
  let ending = async () => {}
  try {
    // The model is free between rounds.
    for (;;) {
      const { done, value } = await whileBusy(model, next)
      if (done) return
      yield value as unknown as Round<E>
    }
  } catch (error) {
    ending = () => Promise.reject(error)
  } finally {
    await thenClose(ending, () => run?.stored?.close())
  }
}

/**
 * The rounds of a run that are left, each added to the finished ones. The caller holds the model busy
 * while one is made.
 */
export async function* roundsOf(run: OpenRun): AsyncGenerator<Round, void> {
  const { resolved, schedule, finished } = run
  const end = schedule.rounds ?? Number.POSITIVE_INFINITY
  const last = finished.at(-1)
  // Without a round that is left, nothing else gives the model its weights.
  if (last) writeTrained(resolved.weights, last)
  for (let round = finished.length; round < end; round++) {
    const report = await runSafely(run, round)
    if (!report) return
    yield report
  }
}

/**
 * Runs a round. If it fails, the model is given the weights of the last finished round, or W0; if
 * only the store fails, those of the last stored one, and the error still carries the round.
 */
async function runSafely(run: OpenRun, round: number): Promise<Round | undefined> {
  const { resolved, options, initial, finished, stored } = run
  let last = finished.at(-1)
  try {
    options.signal?.throwIfAborted()
    const report = await runRound(run, round, last)
    if (!report) return undefined
    finished.push(report)
    await stored?.save(report)
    last = report
    markLeft(resolved.weights)
    options.onProgress?.({ kind: 'round-finished', round, report })
    return report
  } catch (error) {
    releaseTape()
    if (last) writeTrained(resolved.weights, last)
    else writeValues(resolved.weights, initial)
    throw error
  }
}
