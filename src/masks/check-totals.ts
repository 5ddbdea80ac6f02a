import { type Mask, totalsOf } from './mask.js'

/** Throws unless the totals of a mask are those of its weights, whose own counts were checked. */
export function checkTotals(mask: Mask, task: string): void {
  if (mask.parameters === undefined) {
    const wanted = 'a mask with its totals'
    const got = 'weights alone: make it by createMask(weights, parameters)'
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  for (const [name, wanted] of Object.entries(totalsOf(mask.weights, mask.parameters, task))) {
    const got = mask[name as keyof Mask]
    if (got === wanted) continue
    throw new RangeError(
      `Cannot ${task}: expected ${name} of the mask to be ${wanted}, got ${got}: ` +
        'make changed masks anew by createMask',
    )
  }
}
