import type { KindExample } from '../../src/testing/kind-example.js'
import { layerKindLaws } from '../../src/testing/layer-kind-laws.js'
import { conformance } from './laws.js'

/** Runs the contract of a layer kind over one member: `make` makes its example anew. */
export function layerKindConformance(name: string, make: () => KindExample): void {
  conformance(name, layerKindLaws, make)
}
