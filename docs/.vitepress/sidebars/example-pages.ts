import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'

/** A page that shows a program: its files, one after another. */
export interface ExamplePage {
  /** Last part of the page's address. */
  readonly name: string
  /** Paths of its files in the repository. */
  readonly files: readonly string[]
}

/** Folders of examples/ that are no program. */
const PARTS = new Set(['data', 'out', 'support'])

/** The programs of examples/, and the decoder that docs/format.md speaks of. */
export function examplePages(repository: string): readonly ExamplePage[] {
  const programs = readdirSync(join(repository, 'examples'))
    .filter((entry) => !PARTS.has(entry))
    .map((entry) => ({ name: entry.replace(/\.ts$/, ''), files: filesOf(repository, entry) }))
  return [
    ...merged(programs),
    { name: 'container-decoder', files: ['scripts/golden/container.py'] },
  ]
}

/** A program and the folder of its name share a page, such as page.ts and page/. */
function merged(pages: readonly ExamplePage[]): readonly ExamplePage[] {
  const names = [...new Set(pages.map(({ name }) => name))]
  return names.map((name) => ({
    name,
    files: pages
      .filter((page) => page.name === name)
      .flatMap(({ files }) => files)
      .sort(),
  }))
}

function filesOf(repository: string, entry: string): readonly string[] {
  const path = join('examples', entry)
  if (statSync(join(repository, path)).isFile()) return [path]
  return readdirSync(join(repository, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => ['.ts', '.tsx', '.html'].includes(extname(file)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => join(path, file))
}

/** The page in Markdown: the first comment says what the program does. */
export function exampleMarkdown(repository: string, { name, files }: ExamplePage): string {
  const code = files.map((file) => {
    const text = readFileSync(join(repository, file), 'utf8').trimEnd()
    const fence = '`'.repeat(4)
    return `## \`${file}\`\n\n${fence}${extname(file).slice(1)}\n${text}\n${fence}\n`
  })
  return [`# ${name}`, ...code].join('\n\n')
}
