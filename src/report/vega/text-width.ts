/** The part of a text mark that its width depends on. */
interface Lettering {
  readonly fontSize?: number
  readonly fontWeight?: string | number
}

/** Widths in units of the font size, by kinds of letters, for fonts without serifs. */
const WIDTHS: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[ijl.,:;'|!]/, 0.29],
  [/[ frt()[\]"-]/, 0.36],
  [/[mwMW%@—]/, 0.88],
  [/[A-Z]/, 0.68],
]
const [ELSE, BOLD] = [0.58, 1.07]

/**
 * About the width of a text in pixels. Without a canvas vega takes 0.8 of the font size for each
 * letter, which leaves a third of a chart empty.
 */
export function textWidth({ fontSize = 11, fontWeight }: Lettering, text: unknown): number {
  const letters = [...String(text)]
  const units = letters.map((letter) => WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? ELSE)
  const isBold = fontWeight === 'bold' || Number(fontWeight) >= 600
  return units.reduce((sum, width) => sum + width, 0) * fontSize * (isBold ? BOLD : 1)
}
