import type { Granularity } from '../../src/granularity/granularity.js'
import { granularityLaws } from '../../src/testing/granularity-laws.js'
import { conformance } from './laws.js'

/** Runs the contract of a granularity over one member: `make` makes it anew. */
export function granularityConformance(name: string, make: () => Granularity): void {
  conformance(name, granularityLaws, make)
}
