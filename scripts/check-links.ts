/**
 * Checks that every relative link and image of the Markdown pages points at a file that is there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const pagesIn = (folder: string, recursive: boolean) =>
  readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path))

const pages = [
  ...pagesIn('.', false),
  ...pagesIn('docs', true),
  ...pagesIn('examples', true),
].filter((page) => !page.startsWith('docs/api/'))
const broken = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
    .map((target) => `${page} links to ${target}`),
)
if (broken.length > 0) throw new Error(`Links without a file:\n  ${broken.join('\n  ')}`)
console.log(`${pages.length} pages have no broken link`)
