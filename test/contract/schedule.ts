import { scheduleLaws } from '../../src/testing/schedule-laws.js'
import type { Schedule } from '../../src/types.js'
import { conformance } from './laws.js'

/** Runs the contract of a schedule of at least two rounds over one member: `make` makes it anew. */
export function scheduleConformance(name: string, make: () => Schedule): void {
  conformance(name, scheduleLaws, make)
}
