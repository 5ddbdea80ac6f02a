import { markCertified, wasCertified } from '../../internal/seen-data.js'

interface Use {
  readonly task: string
  /** Whether samples of an earlier certificate are taken again. */
  readonly reuses?: boolean | undefined
}

/** Throws if a certificate was made with samples before, and that was not said. */
export function checkFirstUse(
  samples: object,
  { task, name, reuses }: Use & { readonly name: string },
): void {
  if (reuses || !wasCertified(samples)) return
  const wanted = `${name} samples that no certificate was made with`
  const remedy = 'reusesCalibration takes them again, and the certificate says so'
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got used ones; ${remedy}`)
}

/**
 * Remembers that a certificate is made with the sets of samples, whose outputs were just read. Says
 * whether one was before; throws where another call was faster.
 */
export function markUse(sets: Readonly<Record<string, object>>, use: Use): boolean {
  for (const [name, samples] of Object.entries(sets)) checkFirstUse(samples, { ...use, name })
  const before = Object.values(sets).some(wasCertified)
  for (const samples of Object.values(sets)) markCertified(samples)
  return before
}
