import type { MarkdownEnv, MarkdownRenderer } from 'vitepress'

/**
 * A page as the search reads it: pages of the API without code and headings, so that each is found
 * once, by its name and its text; the glossary with one section a word. Code has no colours, which
 * cost more time than all else here.
 */
export function renderForSearch(source: string, env: MarkdownEnv, md: MarkdownRenderer): string {
  const { relativePath } = env
  md.set({ highlight: null }) // the search has a renderer of its own
  if (relativePath === 'glossary.md') return sectionsOfGlossary(md.render(source, env))
  if (!relativePath.startsWith('api/')) return md.render(source, env)
  return md.render(relativePath.endsWith('/index.md') ? headOf(source) : bodyOf(source), env)
}

/** An entry point says what it is for; its members have pages of their own. */
const headOf = (source: string): string => source.split(/^## /m)[0]!

const bodyOf = (source: string): string =>
  source
    .replace(/^## See also[\s\S]*/m, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/^##+ .*$/gm, '')

const ROW =
  /<tr id="(?<id>[^"]+)">\s*<td[^>]*>(?<word>.*?)<\/td>\s*<td[^>]*>(?<meaning>.*?)<\/td>\s*<\/tr>/gs

function sectionsOfGlossary(html: string): string {
  return html.replace(ROW, (...match) => {
    const { id, word, meaning } = match.at(-1) as Record<'id' | 'word' | 'meaning', string>
    return `<h3>${word}<a href="#${id}">#</a></h3><p>${word}: ${meaning}</p>`
  })
}
