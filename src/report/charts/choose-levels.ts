/**
 * At most so many of a list, spread over it: the first and the last are among them, and the one at
 * `besides`.
 */
export function chooseLevels<T>(
  levels: readonly T[],
  { most, besides }: { most: number; besides?: T | undefined },
): readonly T[] {
  if (levels.length <= most) return levels
  const step = (levels.length - 1) / (most - 1)
  const places = Array.from({ length: most }, (_, i) => Math.round(i * step))
  const wanted = besides === undefined ? -1 : levels.indexOf(besides)
  if (wanted < 0 || places.includes(wanted)) return places.map((place) => levels[place]!)
  const inner = places.slice(1, -1)
  const nearest = inner.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a))
  return places.map((place) => levels[place === nearest ? wanted : place]!)
}
