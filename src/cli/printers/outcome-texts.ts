import type { Colors } from 'picocolors/types'
import type { Compressed } from '../commands/compress.js'
import type { OnnxFile } from '../commands/onnx.js'
import type { Pruned } from '../commands/prune.js'
import type { Reported } from '../commands/report.js'
import type { ShrunkFile } from '../commands/shrink.js'
import type { WasmFile } from '../commands/wasm.js'
import { bytesText, countText, nameText, percentText, shapeText } from '../terminal/numbers.js'
import { tableText } from '../terminal/table.js'

const left = { align: 'left' } as const

/** `before -> after` in bytes; the bytes of a model behind a URL are not known. */
function bytesOf(before: number | undefined, after: number): string {
  return before === undefined ? bytesText(after) : `${bytesText(before)} -> ${bytesText(after)}`
}

/** The outcome of `compress` as text. */
export function compressedText(outcome: Compressed, { bold, dim }: Colors): string {
  const { output, type, before, after, misses } = outcome
  return `${bold(output)}: ${type}, ${bytesOf(before, after)}\n${dim(`${misses}.`)}`
}

/** The outcome of `prune` as text: a table of the pruned weights. */
export function prunedText(outcome: Pruned, colours: Colors): string {
  const { output, type, kept, size, density, densityOverAll, before, after } = outcome
  const { misses, skipped } = outcome
  const rows = outcome.weights.map((weight) => [
    nameText(weight.name),
    shapeText(weight.shape),
    countText(weight.size),
    countText(weight.kept),
    percentText(weight.density),
  ])
  const headings = ['shape', 'parameters', 'kept', 'density'].map((heading) => ({ heading }))
  const counts = `${countText(kept)} of ${countText(size)} prunable weights are kept`
  const shares = `${percentText(density)}, or ${percentText(densityOverAll)} of all parameters`
  return [
    tableText([{ heading: 'weight', ...left }, ...headings], rows, colours),
    `${counts}: ${shares}.`,
    ...skipped.map(({ layer, reason }) =>
      colours.yellow(`${nameText(layer)} is left whole: ${reason}.`),
    ),
    `${colours.bold(output)}: ${type}, ${bytesOf(before, after)}`,
    colours.yellow(`${misses}.`),
  ].join('\n')
}

/** The outcome of `shrink` as text: the layers that became smaller. */
export function shrunkText(outcome: ShrunkFile, colours: Colors): string {
  const { output, type, bytes, parameters, multiplyAdds, layers, kept, misses } = outcome
  const rows = layers
    .filter(({ before, after }) => after < before)
    .map(({ layer, what, before, after }) => [layer, what, countText(before), countText(after)])
  const columns = [
    { heading: 'layer', ...left },
    { heading: 'unit', ...left },
    { heading: 'before' },
    { heading: 'after' },
  ]
  const change = (one: { readonly before: number; readonly after: number }) =>
    `${countText(one.before)} -> ${countText(one.after)}`
  const hint =
    'No layer became smaller: nothing of it is 0 throughout. ' +
    '`tfjs-prune prune --units` prunes whole units and filters.'
  return [
    rows.length > 0 ? tableText(columns, rows, colours) : hint,
    `parameters: ${change(parameters)}`,
    `multiply-adds: ${change(multiplyAdds)}`,
    ...kept.map(({ layer, reason }) => colours.dim(`${layer} kept its channels: ${reason}.`)),
    `${colours.bold(output)}: ${type}, ${bytesOf(bytes.before, bytes.after)}`,
    colours.dim(`${misses}.`),
  ].join('\n')
}

/** The outcome of `onnx` as text. */
export function onnxText(
  { output, type, before, after, misses }: OnnxFile,
  colours: Colors,
): string {
  return `${colours.bold(output)}: ${type}, ${bytesOf(before, after)}\n${colours.dim(`${misses}.`)}`
}

/** The outcome of `wasm` as text. */
export function wasmText({ output, before, after, misses }: WasmFile, colours: Colors): string {
  return `${colours.bold(output)}: ${bytesOf(before, after)}\n${colours.dim(`${misses}.`)}`
}

/** The outcome of `report` as text. */
export function reportedText({ output, rounds, charts, bytes }: Reported, colours: Colors): string {
  const hint =
    'Charts are left out: vega and vega-lite are not installed. npm install vega@5 vega-lite@5'
  const facts = `${colours.bold(output)}: ${rounds} rounds, ${bytesText(bytes)}`
  return charts ? facts : `${facts}\n${colours.dim(hint)}`
}
