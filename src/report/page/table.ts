import { html, type Markup, type Part } from './markup.js'

/** A table of a report. */
interface Table {
  /** Its name, for readers who hear it. */
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly Row[]
  /** Whether the last column holds words and not numbers. @default false */
  readonly endsInWords?: boolean
}

/** A row: the first cell names it. */
interface Row {
  readonly cells: readonly Part[]
  /** Printed bold. */
  readonly isKept?: boolean
}

/** A table that scrolls by itself where it is wider than the page. */
export function table({ name, head, rows, endsInWords = false }: Table): Markup {
  const isText = (place: number) => endsInWords && place === head.length - 1 && html` class="text"`
  const body = rows.map(({ cells: [first, ...rest], isKept }) => {
    const cells = rest.map((cell, i) => html`<td${isText(i + 1)}>${cell}</td>`)
    return html`<tr${isKept && html` class="kept"`}><th scope="row">${first}</th>${cells}</tr>\n`
  })
  return html`<div class="wide" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${head.map((cell, i) => html`<th scope="col"${isText(i)}>${cell}</th>`)}</tr></thead>
<tbody>
${body}</tbody></table></div>`
}
