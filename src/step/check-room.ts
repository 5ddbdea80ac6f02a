import type { AllocationRequest } from '../types.js'

interface Room {
  readonly density: number
  /** Names of the kernels that stay whole as ends of the model. */
  readonly spared: readonly string[]
}

function sizesOf(requests: readonly AllocationRequest[]) {
  let [total, least] = [0, 0]
  for (const { size, minimumKept } of requests) {
    total += size
    least += minimumKept
  }
  return { total, least }
}

/** Whether a density leaves as much as the bounds of all weights ask for. */
export function hasRoom(requests: readonly AllocationRequest[], density: number): boolean {
  const { total, least } = sizesOf(requests)
  return Math.round(total * density) >= least
}

/** A schedule that halves the weights as long as a density allows it. */
function halved(least: number): string {
  const densities = [1]
  while (densities.at(-1)! / 2 >= least) densities.push(densities.at(-1)! / 2)
  if (densities.length === 1 && least < 1) densities.push(least)
  return densities.join(', ')
}

/** Throws unless the ends, and the least of the other weights, fit into a density. */
export function checkRoom(requests: readonly AllocationRequest[], { density, spared }: Room): void {
  if (hasRoom(requests, density)) return
  const { total, least } = sizesOf(requests)
  // Three digits, rounded up: the density that is named is one that works.
  const scale = 10 ** (2 - Math.floor(Math.log10(least / total)))
  const possible = Math.ceil((least / total) * scale) / scale
  throw new RangeError(
    `Cannot spare the ends: expected a density of at least ${possible}, got ${density}: ` +
      `${spared.join(', ')} and the least of the others take ${least} of ${total}. ` +
      `${possible < 1 ? `schedule: [${halved(possible)}] ends above it, and ` : ''}` +
      'spareEnds: false with allocate: lamp() spares none.',
  )
}
