import type { Tree } from './imports.js'

const STRING = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g
const FENCE = /^```[\s\S]*?^```/gm

/**
 * Lines of code and of its comments that are too long, where there are more than a share of all
 * lines; a line that is only long by its string, which no formatter breaks, does not count.
 */
export function longCode(tree: Tree, width: number, share: number): readonly string[] {
  const lines = [...tree].flatMap(([file, text]) => text.trimEnd().split('\n').map(at(file)))
  const long = lines.filter(({ line }) => line.length > width && !isLongByString(line, width))
  return long.length > share * lines.length ? long.map(({ place }) => tooLong(place, width)) : []
}

/** Lines of prose that are too long. Code, tables and lines with an address do not count. */
export function longProse(pages: Tree, width: number): readonly string[] {
  return [...pages]
    .flatMap(([file, text]) => text.replace(FENCE, blank).split('\n').map(at(file)))
    .filter(({ line }) => line.length > width && !/^\s*\||\]\(|https?:/.test(line))
    .map(({ place }) => tooLong(place, width))
}

const at = (file: string) => (line: string, index: number) => ({
  line,
  place: `${file}:${index + 1}`,
})

const isLongByString = (line: string, width: number): boolean =>
  !/^\s*(\*|\/\/)/.test(line) && line.replace(STRING, '').length <= width

/** As many lines as before, all of them empty. */
const blank = (code: string): string => code.replace(/[^\n]/g, '')

const tooLong = (place: string, width: number): string =>
  `${place} is longer than ${width} characters`
