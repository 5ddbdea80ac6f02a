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

/** Whether a limit lets a weight keep more than the one element, or group, that always stays. */
export function isLimited(weights: readonly Pick<AllocationRequest, 'minimumKept'>[]): boolean {
  return weights.some(({ minimumKept }) => minimumKept > 1)
}

/** Whether limits take more than a density, and every weight has its least. */
export function isBelowLimits(
  requests: readonly AllocationRequest[],
  { density, counts }: { readonly density: number; readonly counts: readonly number[] },
): boolean {
  if (!isLimited(requests) || hasRoom(requests, density)) return false
  return requests.every(({ minimumKept }, i) => counts[i] === minimumKept)
}

/** Throws unless the ends, and the least of the other weights, fit into a density. */
export function checkRoom(requests: readonly AllocationRequest[], { density, spared }: Room): void {
  if (!hasRoom(requests, density)) throw noRoom(requests, { density, spared })
}

/** The error for a density that is below the ends that are spared, or below the limits. */
export function noRoom(
  requests: readonly AllocationRequest[],
  { density, spared }: Room,
): RangeError {
  const { total, least } = sizesOf(requests)
  // Three digits, rounded up: the density that is named is one that works.
  const scale = 10 ** (2 - Math.floor(Math.log10(least / total)))
  const possible = Math.ceil((least / total) * scale) / scale
  const limited = requests.flatMap(({ name, minimumKept }) => (minimumKept > 1 ? [name] : []))
  const [task, names, remedy] =
    spared.length > 0
      ? ['spare the ends', spared, 'spareEnds: false with allocate: lamp() spares none']
      : ['keep the limits', limited, 'lower limits leave more room']
  return new RangeError(
    `Cannot ${task}: expected a density of at least ${possible}, got ${density}: ` +
      `${names.join(', ')} and the least of the others take ${least} of ${total}. ` +
      `${possible < 1 ? `schedule: [${halved(possible)}] ends above it, and ` : ''}${remedy}.`,
  )
}
