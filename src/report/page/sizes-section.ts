import { bytesInWords } from '../charts/in-words.js'
import type { ChartedSizes } from '../charts/sizes-chart.js'
import { html, type Markup } from './markup.js'
import { table } from './table.js'

/** Bytes by form of file. */
export function sizesSection({ files }: ChartedSizes): Markup {
  const rows = files.map(({ file, type, bytes, gzip }) => ({
    cells: [`${file} ${type}`, bytesInWords(bytes), bytesInWords(gzip)],
  }))
  const head = ['file', 'on the disk', 'with gzip']
  return html`<section><h2>Sizes</h2>
${table({ name: 'Sizes', head, rows })}</section>`
}
