import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { slugOf } from '../markdown/slug-of.js'

interface EntryPoint {
  readonly name: string
  readonly link: string
  readonly categories: readonly {
    readonly title: string
    readonly members: readonly { readonly name: string; readonly link: string }[]
  }[]
}

/**
 * A sidebar for each entry point: its own members by category, of which that of the page is open,
 * and below them the other entry points, closed.
 *
 * One sidebar of all members would be repeated in each of some 400 pages.
 *
 * @param docs Path of the folder `docs`; `npm run docs` has written `api/sidebar.json` there.
 */
export function apiSidebars(docs: string): Record<string, DefaultTheme.SidebarItem[]> {
  const entries = JSON.parse(
    readFileSync(join(docs, 'api/sidebar.json'), 'utf8'),
  ) as readonly EntryPoint[]
  const overview = { text: 'Entry points', items: entries.map(linkOf) }
  const others = { ...overview, link: '/api/', collapsed: true }
  const own = entries.map((entry) => [entry.link, [ownGroup(entry), others]])
  return { '/api/': [overview], ...Object.fromEntries(own) }
}

const linkOf = ({ name, link }: { name: string; link: string }) => ({ text: name, link })

function ownGroup({ name, link, categories }: EntryPoint): DefaultTheme.SidebarItem {
  const groups = categories
    .filter(({ members }) => members.length > 0)
    .map(({ title, members }) => ({
      text: title,
      link: `${link}#${slugOf(title)}`,
      collapsed: true,
      items: members.map(linkOf),
    }))
  const [only] = groups
  return { text: name, link, items: groups.length === 1 ? only!.items : groups }
}
