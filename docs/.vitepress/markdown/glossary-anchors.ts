import type { MarkdownEnv, MarkdownRenderer } from 'vitepress'
import { slugOf } from './slug-of.js'

/** Plugin of markdown-it: each row of the glossary can be linked to, and found by the search. */
export function glossaryAnchors(md: MarkdownRenderer): void {
  md.core.ruler.push('glossary-anchors', ({ tokens, env }) => {
    if ((env as MarkdownEnv).relativePath !== 'glossary.md') return
    const used = new Set<string>()
    tokens.forEach((token, i) => {
      const cell = tokens[i + 1]
      if (token.type !== 'tr_open' || cell?.type !== 'td_open') return
      const word = tokens[i + 2]!.content
      const slug = `${word.startsWith('`') ? 'option' : 'word'}-${slugOf(word)}`
      if (!used.has(slug)) token.attrSet('id', slug)
      used.add(slug)
    })
  })
}
