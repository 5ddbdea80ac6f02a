import type { Evaluation } from '../types.js'
import type { Round } from './round.js'

/**
 * The error of a run that fails, or is aborted, when at least one round is finished. It has the name
 * and the message of its `cause`, such as `AbortError`, and carries the rounds: `resume` goes on
 * after them.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, PruningError, prune } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ name: 'out', units: 2, inputShape: [4] })] })
 * const data = { xs: tensor2d([[1, 2, 3, 4], [4, 3, 2, 1]]), ys: [0, 1] }
 * const abort = new AbortController()
 * const options = {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.5, 0.25],
 * }
 * let finished: PruningError['rounds'] = []
 * try {
 *   await prune(model, { ...options, onProgress: () => abort.abort(), signal: abort.signal })
 * } catch (error) {
 *   if (error instanceof PruningError) finished = error.rounds
 * }
 * const { rounds } = await prune(model, { ...options, resume: finished })
 * if (rounds.length !== 3) throw new Error('the run goes on to its end')
 * ```
 */
export class PruningError<E = Evaluation> extends Error {
  /** All finished rounds, the dense one first: plain data. The model holds the last of them. */
  readonly rounds: readonly Round<E>[]

  constructor(cause: unknown, rounds: readonly Round<E>[]) {
    const { name, message } = (cause ?? {}) as Partial<Error>
    super(message ?? String(cause), { cause })
    this.name = name ?? 'PruningError'
    this.rounds = rounds
  }
}
