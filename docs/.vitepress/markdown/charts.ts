import type { MarkdownRenderer } from 'vitepress'

/**
 * Plugin of markdown-it: a paragraph that is a drawing alone can be scrolled, also by the keyboard,
 * where the drawing is wider than the page.
 */
export function charts(md: MarkdownRenderer): void {
  md.core.ruler.push('charts', ({ tokens }) => {
    tokens.forEach((token, i) => {
      if (token.type !== 'inline' || tokens[i - 1]?.type !== 'paragraph_open') return
      const [image, ...others] = token.children ?? []
      if (image?.type !== 'image' || others.length > 0) return
      if (!image.attrGet('src')?.endsWith('.svg')) return
      tokens[i - 1]!.attrSet('class', 'chart')
      tokens[i - 1]!.attrSet('tabindex', '0')
    })
  })
}
