import { type EntryStore, storeOf } from './store-of.js'
import type { StoreOptions } from './store-options.js'

/**
 * Keeps a run in memory, for as long as the program runs: for tests, and to go on after an abort.
 *
 * @param options How a run goes on in a model that is not quite that of its start.
 * @returns A store; each call makes another one.
 * @throws {TypeError | RangeError} If an option is unknown or wrong.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune } from 'tfjs-prune'
 * import { memoryStore } from 'tfjs-prune/runs'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
 * const data = { xs: randomNormal([8, 8]), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
 * const options = {
 *   train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   store: memoryStore(),
 * }
 * await prune(model, { ...options, schedule: [1, 0.5] })
 * const { rounds } = await prune(model, { ...options, schedule: [1, 0.5, 0.25] })
 * if (rounds.length !== 3) throw new Error('the third round goes on after the two')
 * ```
 */
export function memoryStore(options: StoreOptions = {}): EntryStore {
  const entries = new Map<string, Uint8Array>()
  let isHeld = false
  const lock = () => {
    if (isHeld) {
      throw new Error(
        'Cannot write to the store: expected one writer, got a second call beside one at work',
      )
    }
    isHeld = true
    return () => {
      isHeld = false
    }
  }
  const write = (entry: string, bytes: Uint8Array) => void entries.set(entry, bytes)
  return storeOf({ name: 'memory', read: (entry) => entries.get(entry), write, lock }, options)
}
