/**
 * Breaks a text between words into lines of at most so many characters; a longer word has a line of
 * its own, and `12 %` stays together.
 */
export function wrapLines(text: string, characters: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+(?!%)/).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= characters)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
