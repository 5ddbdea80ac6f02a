import type { Rewinder, TrainingPoint } from '../types.js'

/**
 * Lets the surviving weights restart where they were early in round 0, and trains the rest of the
 * schedule from there.
 *
 * Optimizer slots, batch-norm statistics, learning rate and the order of the batches are those of
 * that point. Large networks find no winning tickets at W0, but do a few epochs later.
 *
 * @param point `{ epoch }` or `{ step }`: finished epochs or steps of round 0, a whole number of at
 *   least 1.
 * @returns A rewinder.
 * @throws {RangeError} If the point is no such number.
 * @throws {TypeError} If it names neither or both.
 * @see Frankle et al. 2020, Linear Mode Connectivity and the Lottery Ticket Hypothesis, arXiv
 *   1912.05671.
 *
 * @example
 * ```ts
 * import { rewindTo } from 'tfjs-prune'
 *
 * const rewinder = rewindTo({ epoch: 2 })
 * if (rewinder.optimizer !== 'rewound') throw new Error('the slots go back as well')
 * ```
 */
export function rewindTo(point: TrainingPoint): Rewinder {
  const entries = Object.entries(point ?? {})
  const [unit, count] = entries[0] ?? ['', Number.NaN]
  if (entries.length !== 1 || (unit !== 'epoch' && unit !== 'step')) {
    throw new TypeError(
      `Cannot rewind: expected { epoch } or { step }, got ${JSON.stringify(point)}`,
    )
  }
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(
      `Cannot rewind: expected a whole number of at least 1 as ${unit}, got ${count}`,
    )
  }
  return {
    name: `rewindTo(${unit} ${count})`,
    capture: point,
    weights: ({ captured }) => captured,
    statistics: 'rewound',
    optimizer: 'rewound',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  }
}
