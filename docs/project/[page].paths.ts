import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { siteLink } from '../.vitepress/markdown/site-link.js'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const FILES = ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md']

/** The text of a page at the root of the repository, with the links of the site. */
const contentOf = (file: string): string =>
  readFileSync(`${REPOSITORY}/${file}`, 'utf8').replace(
    /\[(?<text>[^\]]+)\]\((?<target>[^)\s]+)\)/g,
    (_, text: string, target: string) => {
      const place = siteLink(target, file)
      return place === undefined ? text : `[${text}](${place})`
    },
  )

export default {
  paths: () =>
    FILES.map((file) => ({
      params: { page: file.replace('.md', '').toLowerCase() },
      content: contentOf(file),
    })),
}
