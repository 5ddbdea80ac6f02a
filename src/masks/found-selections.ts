import type { Candidates } from './split-candidates.js'

interface Selection {
  readonly count: number
  readonly kept: Uint8Array
}

/**
 * Selections that were made while counts were shared out: they need no second look at the scores.
 */
const selections = new WeakMap<Candidates, Selection>()

/** Leaves the mask of the `count` highest of a group for the one who asks for it. */
export function leaveSelection(group: Candidates, selection: Selection): void {
  selections.set(group, selection)
}

/** Takes the mask that was left for a group, if it is the one of so many. */
export function takeSelection(group: Candidates, count: number): Uint8Array | undefined {
  const found = selections.get(group)
  selections.delete(group)
  return found?.count === count ? found.kept : undefined
}
