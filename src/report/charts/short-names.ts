/**
 * Names of at most so many characters, told apart still: the middle of a longer one is left out,
 * and names that would be the same get their place.
 */
export function shortNames(names: readonly string[], characters: number): string[] {
  const short = names.map((name) => shorten(name, characters))
  return short.map((name, place) =>
    short.indexOf(name) === short.lastIndexOf(name) ? name : `${name} ${place + 1}`,
  )
}

function shorten(name: string, characters: number): string {
  const letters = [...name]
  if (letters.length <= characters) return name
  const start = Math.ceil((characters - 1) / 2)
  return [...letters.slice(0, start), '…', ...letters.slice(1 + start - characters)].join('')
}
