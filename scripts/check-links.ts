/**
 * Checks that every relative link and image of the Markdown pages points at a file that is there, and
 * that pages for users say so where they name a file that the package does not hold.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { linksOf, namedIn } from './links-of.js'

const pagesIn = (folder: string, recursive: boolean) =>
  readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path))

const pages = [
  ...pagesIn('.', false),
  ...pagesIn('docs', true),
  ...pagesIn('examples', true),
].filter((page) => !page.startsWith('docs/api/'))
const broken = pages
  .flatMap(linksOf)
  .filter(({ path }) => !existsSync(path))
  .map(({ page, path }) => `${page} links to ${path}`)
/** Pages for those who have the repository. */
const OF_THE_REPOSITORY = /^(ARCHITECTURE|CONTRIBUTING)\.md$/
for (const { page, path, isPlaced } of pages.flatMap(namedIn)) {
  if (!existsSync(path)) broken.push(`${page} names ${path}`)
  else if (!isPlaced && !OF_THE_REPOSITORY.test(page))
    broken.push(`${page} names ${path} without the word repository`)
}
if (broken.length > 0) throw new Error(`Links without a file:\n  ${broken.join('\n  ')}`)
console.log(`${pages.length} pages have no broken link`)
