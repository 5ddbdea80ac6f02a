import type { Comparison } from './compare-sides.js'

/** A table in Markdown. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A signed number with its interval: `-1.20 [-2.00, -0.40]`. */
export function difference({ paired }: Comparison, decimals: number): string {
  const { medianDifference, interval } = paired
  const ends = interval
    ? `[${signed(interval.lower, decimals)}, ${signed(interval.upper, decimals)}]`
    : '[too few seeds]'
  return `${signed(medianDifference!, decimals)} ${ends}`
}

/** A number with its sign; no sign for 0. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  if (Number(text) === 0) return text
  return `${value < 0 ? '−' : '+'}${text}`
}

/** A p-value without the leading 0. */
export function pText(p: number | undefined): string {
  if (p === undefined) return ''
  if (p < 0.001) return '< .001'
  return p >= 0.9995 ? '1' : p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')
}

/** Text in lines of at most 100 characters. */
export function wrapped(text: string, width = 100): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
