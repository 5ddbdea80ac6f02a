import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import type { Role, SplitByRoleOptions } from 'tfjs-prune'
import { tableParts } from './table-parts.js'

/** One part of the table: standardised inputs [n, 30] and labels, 1 = malignant. */
export interface Samples {
  readonly xs: tf.Tensor2D
  readonly ys: Uint8Array
}

/**
 * Reads the table, splits it by role class by class and standardises it with the training part's
 * mean and deviation.
 */
export function loadBreastCancer(
  seed: number,
  shares: SplitByRoleOptions['shares'] = { train: 0.5, validation: 0.25, test: 0.25 },
): Record<Role, Samples> {
  const text = readFileSync(new URL('../data/breast-cancer.csv', import.meta.url), 'utf8')
  const parts = tableParts(text, { shares, seed })
  const samples = (role: Role): Samples => {
    const { features, labels } = parts[role]
    return { xs: tf.tensor2d(features.flat(), [features.length, 30]), ys: labels }
  }
  return {
    train: samples('train'),
    validation: samples('validation'),
    calibration: samples('calibration'),
    test: samples('test'),
  }
}
