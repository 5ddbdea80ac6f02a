import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'

const HEADING = /^## (.+)$/
const ITEM = /^- \[(?<text>[^\]]+)\]\((?<link>[^)]+)\)/

/**
 * The sidebar of the guide, as docs/README.md lists its pages: a heading begins a group.
 *
 * @param docs Path of the folder `docs`.
 * @throws {Error} If a page of the guide is not listed there.
 */
export function guideSidebar(docs: string): DefaultTheme.SidebarItem[] {
  const groups: { text: string; items: { text: string; link: string }[] }[] = []
  // A list item of the page may go on in the next line.
  for (const line of readFileSync(join(docs, 'README.md'), 'utf8')
    .replace(/\n {2}/g, ' ')
    .split('\n')) {
    const heading = HEADING.exec(line)?.[1]
    if (heading !== undefined) groups.push({ text: heading, items: [] })
    const { text, link } = ITEM.exec(line)?.groups ?? {}
    if (text !== undefined) groups.at(-1)?.items.push({ text, link: `/${link}` })
  }
  checkComplete(docs, new Set(groups.flatMap(({ items }) => items.map(({ link }) => link))))
  return groups
}

function checkComplete(docs: string, listed: ReadonlySet<string>): void {
  const missing = readdirSync(join(docs, 'guide'))
    .filter((file) => file.endsWith('.md'))
    .filter((file) => !listed.has(`/guide/${file}`))
  if (missing.length > 0) {
    throw new Error(
      `Cannot make the sidebar: expected all pages of docs/guide in docs/README.md, got none of ${missing.join(', ')}`,
    )
  }
}
