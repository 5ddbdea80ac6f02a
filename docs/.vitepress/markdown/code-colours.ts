import type { MarkdownOptions } from 'vitepress'

type CodeTransformer = NonNullable<MarkdownOptions['codeTransformers']>[number]

/** The theme that reads code, once for both colours of the site. */
export const CODE_THEME = 'github-light-high-contrast'

/** The class of each of its colours; style.css has them, light and dark. Others are plain text. */
const CLASSES: Readonly<Record<string, string>> = {
  '#0E1116': '', // plain text
  '#A0111F': 'word',
  '#023B95': 'constant',
  '#622CBC': 'call',
  '#032563': 'text',
  '#702C00': 'name',
  '#66707B': 'comment',
  '#024C1A': 'tag',
}

/**
 * Writes the colours of code as short classes: as styles of each word, in two themes, they were an
 * eighth of the bytes of the site.
 */
export const codeColours: CodeTransformer = {
  name: 'code-colours',
  pre: ({ properties }) => {
    delete properties.style
  },
  span: ({ properties }) => {
    const [, colour = '#0E1116'] = /\bcolor:(#\w{6})/i.exec(String(properties.style)) ?? []
    const name = CLASSES[colour.toUpperCase()]
    delete properties.style
    if (name) properties.class = `c-${name}`
  },
}
