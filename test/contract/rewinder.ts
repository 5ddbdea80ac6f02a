import { rewinderLaws } from '../../src/testing/rewinder-laws.js'
import type { Rewinder } from '../../src/types.js'
import { conformance } from './laws.js'

/** Runs the contract of a rewinder over one member: `make` makes it anew. */
export function rewinderConformance(name: string, make: () => Rewinder): void {
  conformance(name, rewinderLaws, make)
}
