/**
 * The name that takes the fewest edits to become `typed`, if they are at most half of its letters:
 * most likely the one that was meant.
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => editDistance(typed.toLowerCase(), name.toLowerCase()))
  const best = distances.indexOf(Math.min(...distances))
  const letters = Math.max(typed.length, names[best]?.length ?? 0)
  return distances[best]! <= letters / 2 ? names[best] : undefined
}

/** Levenshtein distance: least number of letters to add, drop or change that turns a into b. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const changed = row[j]! + Number(letter !== b[j])
      next.push(Math.min(changed, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
