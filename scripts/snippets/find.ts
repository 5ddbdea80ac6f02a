/** Finds the code blocks of the documentation: ```ts fences in doc comments and in Markdown. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** One code block of the documentation. */
export interface Snippet {
  /** File that holds it. */
  readonly file: string
  /** Line of its first line of code, from 1. */
  readonly line: number
  readonly code: readonly string[]
  /** False for blocks marked `ts no-run`: they are type-checked only. */
  readonly run: boolean
  /** The text that it prints, from a block marked `text printed` behind it. */
  readonly printed?: string
}

interface Line {
  readonly number: number
  readonly text: string
}

/** The snippets of a TypeScript file's doc comments. Each `@example` must hold one. */
export function snippetsOfSource(file: string): readonly Snippet[] {
  return docComments(readFileSync(file, 'utf8')).flatMap((lines) => {
    checkExamples(file, lines)
    return fencedBlocks(file, lines)
  })
}

/**
 * The snippets of a Markdown file, but for those that `<!-- from ... -->` says come from a program
 * that runs anyway.
 */
export function snippetsOfMarkdown(file: string): readonly Snippet[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((text, index) => ({ number: index + 1, text }))
  return fencedBlocks(file, lines).filter(
    ({ line }) => !lines[line - 3]?.text.trim().startsWith('<!-- from '),
  )
}

/** The lines of each doc comment, without the stars. */
function docComments(text: string): readonly (readonly Line[])[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true)
  const comments = new Map<number, readonly Line[]>()
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.pos) ?? []) {
      if (!text.startsWith('/**', pos)) continue
      const first = source.getLineAndCharacterOfPosition(pos).line + 1
      const lines = text.slice(pos, end).split('\n')
      comments.set(
        pos,
        lines.map((line, index) => ({
          number: first + index,
          text: line.replace(/^\s*(\/\*)?\*+\/? ?/, ''),
        })),
      )
    }
    for (const child of node.getChildren(source)) visit(child)
  }
  visit(source)
  return [...comments.values()]
}

function checkExamples(file: string, lines: readonly Line[]): void {
  lines.forEach(({ number, text }, index) => {
    if (!text.startsWith('@example')) return
    const rest = lines.slice(index + 1)
    const fence = rest.find((line) => line.text.startsWith('```') || line.text.startsWith('@'))
    if (!fence?.text.startsWith('```ts'))
      throw new Error(`${file}:${number} - expected a \`\`\`ts block in @example`)
  })
}

function fencedBlocks(file: string, lines: readonly Line[]): readonly Snippet[] {
  const snippets: Snippet[] = []
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(\s*)```(\S*)\s*(.*)$/.exec(lines[i]!.text)
    if (!fence) continue
    const [, indent = '', language = '', mark = ''] = fence
    const start = i + 1
    do i++
    while (i < lines.length && lines[i]!.text.trim() !== '```')
    if (i === lines.length)
      throw new Error(`${file}:${lines[start - 1]!.number} - expected the code block to end`)
    if (language === 'text' && mark === 'printed') {
      const text = lines.slice(start, i).map((line) => line.text)
      snippets.push({ ...snippets.pop()!, printed: text.join('\n') })
    }
    if (!['ts', 'typescript'].includes(language)) continue
    if (!['', 'no-run'].includes(mark))
      throw new Error(`${file}:${lines[start]!.number - 1} - unknown mark "${mark}"`)
    const code = lines
      .slice(start, i)
      .map(({ text }) => (text.startsWith(indent) ? text.slice(indent.length) : text))
    snippets.push({ file, line: lines[start]!.number, code, run: mark === '' })
  }
  return snippets
}
