/** Follows every link inside a built site, also those into a page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The links of a site. */
export interface SiteLinks {
  readonly links: number
  /** Links without a file, or without an element of that id. */
  readonly broken: readonly string[]
}

/** Links that lead nowhere, in the pages of a folder. */
export function brokenLinks(folder: string): SiteLinks {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && !path.startsWith('demo/'))
    .map((path) => `/${path}`)
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]))
  const ids = new Map([...texts].map(([page, text]) => [page, idsOf(text)]))
  const links = pages.flatMap((page) =>
    [...texts.get(page)!.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)].map(([, href]) => ({
      page,
      href: href!.replaceAll('&amp;', '&'),
    })),
  )
  const inside = links.filter(({ href }) => !/^[a-z]+:/.test(href))
  const broken = inside.filter(({ page, href }) => !leads(folder, ids, { page, href }))
  return {
    links: inside.length,
    broken: [...new Set(broken.map(({ page, href }) => `${page}: ${href}`))],
  }
}

const idsOf = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id!))

function leads(
  folder: string,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  { page, href }: { page: string; href: string },
): boolean {
  const [path = '', hash = ''] = href.split('#')
  const joined = path.startsWith('/') ? path : join(dirname(page), path)
  const target = path === '' ? page : joined.endsWith('/') ? `${joined}index.html` : joined
  if (!ids.has(target)) return existsSync(join(folder, target))
  return hash === '' || ids.get(target)!.has(decodeURIComponent(hash))
}
