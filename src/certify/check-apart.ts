/** Scores of one set of samples, and their labels where they have some. */
interface Split {
  readonly labels?: ArrayLike<number> | undefined
  readonly scores: ArrayLike<number>
}

/**
 * Throws where both sets have the same values in the same order: a rule would be tested on the
 * samples that it was chosen on.
 */
export function checkApart(
  { tuning, calibration }: { readonly tuning: Split; readonly calibration: Split },
  { task, name = 'samples' }: { readonly task: string; readonly name?: string },
): void {
  if (!isSame(tuning.scores, calibration.scores)) return
  const both = tuning.labels && calibration.labels
  if (both && !isSame(tuning.labels!, calibration.labels!)) return
  const wanted = `tuning and calibration ${name} that are apart`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got the same ones`)
}

function isSame(values: ArrayLike<number>, others: ArrayLike<number>): boolean {
  if (values === others) return true
  if (values.length !== others.length) return false
  for (let i = 0; i < values.length; i++) if (values[i] !== others[i]) return false
  return true
}
