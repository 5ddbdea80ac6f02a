import type { MarkdownRenderer } from 'vitepress'

const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img ([^>]*?)\bsrc="([^"]+)"([^>]*)>\s*<\/picture>/g

/**
 * Plugin of markdown-it: a picture with a source for dark readers follows the theme of the site, which
 * has a switch of its own. In the repository it follows that of the reader's system.
 */
export function themePictures(md: MarkdownRenderer): void {
  md.core.ruler.push('theme-pictures', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type !== 'html_block') continue
      token.content = token.content.replace(
        PICTURE,
        (_, dark: string, before: string, light: string, after: string) => {
          const files = [
            ['light', light],
            ['dark', dark],
          ]
          const images = files.map(
            ([theme, file]) => `<img class="only-${theme}" ${before}src="${file}"${after}>`,
          )
          return `<div class="chart" tabindex="0">\n${images.join('\n')}\n</div>`
        },
      )
    }
  })
}
