import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { type Role, type SplitByRoleOptions, splitByRole } from 'tfjs-prune'

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
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const labels = Uint8Array.from(rows, (row) => row[30]!)
  const parts = splitByRole(labels, { shares, seed })
  const features = rows.map((row) => row.slice(0, 30))
  const scale = Array.from({ length: 30 }, (_, column) => {
    const values = [...parts.train].map((i) => features[i]![column]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return { mean, deviation: Math.sqrt(variance) }
  })
  const part = (role: Role): Samples => {
    const picked = [...parts[role]].map((i) =>
      features[i]!.map((x, j) => (x - scale[j]!.mean) / scale[j]!.deviation),
    )
    return {
      xs: tf.tensor2d(picked, [picked.length, 30]),
      ys: Uint8Array.from(parts[role], (i) => labels[i]!),
    }
  }
  return {
    train: part('train'),
    validation: part('validation'),
    calibration: part('calibration'),
    test: part('test'),
  }
}
