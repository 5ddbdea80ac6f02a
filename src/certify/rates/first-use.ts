import { markCertified, wasCertified } from '../../internal/seen-data.js'

/** Throws if a certificate was made with samples before: a second one on them promises nothing. */
export function checkFirstUse(
  samples: object,
  { task, name }: { readonly task: string; readonly name: string },
): void {
  if (!wasCertified(samples)) return
  const wanted = `${name} samples that no certificate was made with`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got used ones`)
}

/** Remembers that a certificate is made with the samples. */
export function markUse(...sets: readonly object[]): void {
  for (const samples of sets) markCertified(samples)
}
