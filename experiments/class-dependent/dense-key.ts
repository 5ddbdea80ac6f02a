import { createHash } from 'node:crypto'
import type { StudyPoint } from './study-point.js'
import type { System } from './systems/system.js'

/** All that a dense round hangs on, but for the code. */
export interface DenseFacts {
  readonly point: Pick<StudyPoint, 'seed' | 'rate' | 'epochs'>
  readonly system: System
  readonly network: string
  /** Of the images and labels of the parts that were drawn. */
  readonly fingerprint: string
}

/** Names a dense round: systems that train alike on the same images have the same. */
export function denseKey({ point, system, network, fingerprint }: DenseFacts): string {
  const { seed, rate, epochs } = point
  const { way, averages } = system
  const facts = { fingerprint, seed, rate, epochs, network, way, averages }
  const hash = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)
  return `${network}-${way}-${seed}-${hash}`
}
