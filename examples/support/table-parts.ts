import { type Role, type SplitByRoleOptions, splitByRole } from 'tfjs-prune'

/** One part of a table: standardised features, a row a sample, and labels. */
export interface TablePart {
  readonly features: readonly (readonly number[])[]
  readonly labels: Uint8Array
}

/**
 * Reads a table of numbers whose last column is the label, splits it by role class by class and
 * standardises it with the training part's mean and deviation.
 */
export function tableParts(text: string, options: SplitByRoleOptions): Record<Role, TablePart> {
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
  const labels = Uint8Array.from(rows, (row) => row.at(-1)!)
  const features = rows.map((row) => row.slice(0, -1))
  const parts = splitByRole(labels, options)
  const scale = features[0]!.map((_, column) =>
    spread([...parts.train].map((i) => features[i]![column]!)),
  )
  const part = (role: Role): TablePart => ({
    features: [...parts[role]].map((i) =>
      features[i]!.map((x, j) => (x - scale[j]!.mean) / scale[j]!.deviation),
    ),
    labels: Uint8Array.from(parts[role], (i) => labels[i]!),
  })
  return {
    train: part('train'),
    validation: part('validation'),
    calibration: part('calibration'),
    test: part('test'),
  }
}

function spread(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}
