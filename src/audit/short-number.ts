import type { Interval } from '../types.js'

/** A number to three significant digits. */
export function short(value: number): string {
  return `${Number(value.toPrecision(3))}`
}

/** The same with its interval in brackets, where there is one. */
export function withInterval(value: number, interval: Interval | null): string {
  return interval
    ? `${short(value)} [${short(interval.lower)}, ${short(interval.upper)}]`
    : short(value)
}

/** A p-value to two significant digits; a dash where there is none. */
export function probability(value: number | null): string {
  if (value === null) return '-'
  return value < 0.0001 ? '<.0001' : `${Number(value.toPrecision(2))}`
}
