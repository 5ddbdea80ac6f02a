/**
 * Holds the README and the guide to the example files. A block that follows
 * `<!-- from examples/a.ts#name -->` must equal the lines between `// #region name` and
 * `// #endregion` of that file, or the whole file when no name is given. With `--write` the blocks
 * are pulled in.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const BLOCK =
  /^<!-- from (?<file>[^\s#]+)(?:#(?<name>\S+))? -->\n(?<open>```\w+[^\n]*\n)(?<code>[\s\S]*?)^```$/gm

/** The lines of a region without its common indentation. */
function region(file: string, name: string | undefined): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const start =
    name === undefined ? 0 : lines.findIndex((line) => line.trim() === `// #region ${name}`) + 1
  const length = lines.slice(start).findIndex((line) => line.trim() === '// #endregion')
  if (name !== undefined && (start === 0 || length < 0))
    throw new Error(`${file} has no region ${name}`)
  const inside = name === undefined ? lines : lines.slice(start, start + length)
  const indent = Math.min(...inside.filter((line) => line.trim()).map((line) => line.search(/\S/)))
  return inside.map((line) => `${line.slice(indent)}\n`).join('')
}

const write = process.argv.includes('--write')
const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
]
let blocks = 0

for (const page of pages.filter(
  (path) => path.endsWith('.md') && !path.startsWith('docs/api/') && existsSync(path),
)) {
  const text = readFileSync(page, 'utf8')
  const announced = text.match(/^<!-- from /gm)?.length ?? 0
  const found = [...text.matchAll(BLOCK)]
  if (found.length !== announced)
    throw new Error(`${page}: expected a code block right after each <!-- from ... -->`)
  blocks += found.length
  const synced = text.replace(BLOCK, (...match) => {
    const { file, name, open } = match.at(-1) as { file: string; name?: string; open: string }
    return `<!-- from ${file}${name === undefined ? '' : `#${name}`} -->\n${open}${region(file, name)}\`\`\``
  })
  if (synced === text) continue
  if (write) writeFileSync(page, synced)
  else
    throw new Error(
      `${page} differs from the examples: run \`npx tsx scripts/sync-regions.ts --write\``,
    )
}
console.log(`${blocks} code blocks equal their examples`)
