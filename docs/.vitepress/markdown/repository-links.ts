import { join, relative } from 'node:path'
import type { MarkdownEnv, MarkdownRenderer } from 'vitepress'
import { siteLink } from './site-link.js'

/**
 * Plugin of markdown-it: the relative links of a page lead to the pages of the site.
 *
 * @param md The renderer of the pages.
 * @param docs Path of the folder `docs`.
 */
export function repositoryLinks(md: MarkdownRenderer, docs: string): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const { path, realPath = path } = env as Partial<MarkdownEnv>
    // Titles are rendered by themselves, without a page; they hold no links.
    if (realPath === undefined) return
    const page = join('docs', relative(docs, realPath))
    for (const { children } of tokens) leadToSite(children ?? [], page)
  })
}

type Tokens = NonNullable<ReturnType<MarkdownRenderer['parse']>[number]['children']>

/** A link to a page that the site does not have becomes plain text. */
function leadToSite(tokens: Tokens, page: string): void {
  const open: (typeof tokens)[number][] = []
  for (const token of tokens) {
    if (token.type === 'link_open') {
      open.push(token)
      const place = siteLink(token.attrGet('href') ?? '', page)
      if (place === undefined) {
        token.tag = 'span'
        token.attrs = null
      } else token.attrSet('href', place)
    }
    if (token.type === 'link_close') token.tag = open.pop()?.tag ?? 'a'
  }
}
