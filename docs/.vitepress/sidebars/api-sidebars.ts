import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'

interface EntryPoint {
  readonly name: string
  readonly link: string
  readonly categories: readonly {
    readonly title: string
    readonly members: readonly { readonly name: string; readonly link: string }[]
  }[]
}

/**
 * A sidebar for each entry point: its own members by category, the other entry points closed.
 *
 * One sidebar of all members would be repeated in each of some 400 pages.
 *
 * @param docs Path of the folder `docs`; `npm run docs` has written `api/sidebar.json` there.
 */
export function apiSidebars(docs: string): Record<string, DefaultTheme.SidebarItem[]> {
  const entries = JSON.parse(
    readFileSync(join(docs, 'api/sidebar.json'), 'utf8'),
  ) as readonly EntryPoint[]
  const closed = entries.map(({ name, link }) => ({ text: name, link }))
  const overview = { text: 'Entry points', items: closed }
  const own = entries.map(({ link, categories }) => [
    link,
    [overview, ...categories.filter(({ members }) => members.length > 0).map(groupOf)],
  ])
  return { '/api/': [overview], ...Object.fromEntries(own) }
}

function groupOf({ title, members }: EntryPoint['categories'][number]): DefaultTheme.SidebarItem {
  return { text: title, items: members.map(({ name, link }) => ({ text: name, link })) }
}
