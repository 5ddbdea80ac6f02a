import type { Colors } from 'picocolors/types'
import type { Inspection } from '../commands/inspect.js'
import { bytesText, countText, nameText, percentText, shapeText } from '../terminal/numbers.js'
import { tableText } from '../terminal/table.js'

/** Weights that are listed where not all are asked for. */
const LISTED = 15

/** The facts about a model as text: what it is, its weights, and its size in every form. */
export function inspectionText(
  inspection: Inspection,
  { colours, all = false }: { readonly colours: Colors; readonly all?: boolean },
): string {
  return [
    headOf(inspection, colours),
    weightsOf(inspection, { colours, all }),
    filesOf(inspection, colours),
    ...inspection.refused.map(({ file, type, reason }) => `No ${file} of ${type}: ${reason}.`),
    colours.dim(`${inspection.misses}.`),
  ].join('\n')
}

function headOf(inspection: Inspection, { bold }: Colors): string {
  const { model, kind, inputs, bytes, parameters, kept, density } = inspection
  const size = bytes === undefined ? '' : `, ${bytesText(bytes)}`
  const shapes = inputs.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(', ')
  const zeros = kept === parameters ? '' : `, ${percentText(density)} of them not 0`
  return [
    `${bold(model)}: ${kind}${size}`,
    ...(shapes ? [`inputs: ${shapes}`] : []),
    `${countText(parameters)} parameters${zeros}`,
  ].join('\n')
}

/** The largest weights in the order of the model, or all of them. */
function weightsOf(
  { weights }: Inspection,
  { colours, all }: { readonly colours: Colors; readonly all: boolean },
): string {
  const bySize = [...weights].sort((a, b) => b.size - a.size)
  const largest = new Set(all ? bySize : bySize.slice(0, LISTED))
  const rows = weights
    .filter((weight) => largest.has(weight))
    .map(({ name, shape, size, density, stock, container }) => [
      nameText(name),
      shapeText(shape),
      countText(size),
      percentText(density),
      optionalBytes(stock.float32),
      optionalBytes(container.float32),
      optionalBytes(container.int8),
    ])
  const headings = ['shape', 'parameters', 'density', 'float32', '.tfpr float32', '.tfpr int8']
  const columns = [
    { heading: 'weight', align: 'left' as const },
    ...headings.map((heading) => ({ heading })),
  ]
  const left = weights.length - rows.length
  const more = left > 0 ? `\n${left} smaller weights are not listed; --all lists them.` : ''
  return tableText(columns, rows, colours) + more
}

const optionalBytes = (bytes: number | undefined): string =>
  bytes === undefined ? '-' : bytesText(bytes)

function filesOf({ files }: Inspection, colours: Colors): string {
  const smallest = Math.min(...files.map(({ brotli, gzip, bytes }) => brotli ?? gzip ?? bytes))
  const rows = files.map(({ file, type, bytes, gzip, brotli }) => {
    const isSmallest = (brotli ?? gzip ?? bytes) === smallest
    const name = file === 'stock' ? 'model.json and weights' : '.tfpr'
    const row = [name, type, bytesText(bytes), bytesText(gzip), optionalBytes(brotli)]
    return isSmallest ? row.map(colours.green) : row
  })
  const columns = [
    { heading: 'saved as', align: 'left' as const },
    { heading: 'type', align: 'left' as const },
    ...['bytes', 'gzip', 'brotli'].map((heading) => ({ heading })),
  ]
  return tableText(columns, rows, colours)
}
