/** From the first on, up to before the end. */
export type Range = readonly [first: number, end: number]

/** Cuts a length into so many ranges at most, none of them empty; all but the last begin a group. */
export function ranges(length: number, parts: number, group: number): Range[] {
  return rangesTo(length, parts, (part) => Math.round((length * part) / parts / group) * group)
}

/** Ranges up to the end of each part; empty ones are left out. */
export function rangesTo(length: number, parts: number, end: (part: number) => number): Range[] {
  const found: Range[] = []
  let first = 0
  for (let part = 1; part <= parts; part++) {
    const next = part === parts ? length : Math.min(length, end(part))
    if (next > first) found.push([first, next])
    first = Math.max(first, next)
  }
  return found
}
