/** A piece of HTML whose texts are escaped. */
export interface Markup {
  readonly markup: string
}

/** Values that a template takes; nothing is written for undefined, false and null. */
export type Part = string | number | Markup | readonly Part[] | undefined | null | false

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Makes HTML of a template: texts and numbers in it are escaped, so that no name of a layer or of a
 * file can become a tag or leave its attribute; lists are joined.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, i) => text + written(parts[i])).join('') }
}

/** HTML that is taken as it is: the drawings of a renderer, and our own style. */
export const asIs = (markup: string): Markup => ({ markup })

function written(part: Part): string {
  if (part === undefined || part === null || part === false) return ''
  if (typeof part === 'number') return `${part}`
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!)
  return 'markup' in part ? part.markup : part.map(written).join('')
}
