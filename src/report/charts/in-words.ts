/** A share in words, with three significant digits: `1.56 %`. */
export function percent(share: number): string {
  return `${percentOf(share)} %`
}

/** A share as a number of per cent, to three significant digits. */
export function percentOf(share: number): number {
  return Number((100 * share).toPrecision(3))
}

/** A count with at most one decimal: misses are not whole where a rate cuts a tie. */
export function countOf(count: number): string {
  return `${Number(count.toFixed(1))}`
}

/** Names in a row: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names.join()
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Bytes in words: `166 kB`, with three significant digits. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : Number(value.toPrecision(3))} ${units[power]}`
}
