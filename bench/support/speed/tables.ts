import type { RoundsNetwork } from '../rounds/runs.js'
import { roundsQuality, roundsRatios, roundsTable } from '../rounds/tables.js'
import { trainingCases } from '../training/cases.js'
import { trainingTable, trainingTargetsTable, trainingThreadsTable } from '../training/tables.js'
import { cases } from './cases.js'
import { has, markdown, over, percent, processor, ratio, short, spanned } from './cells.js'
import { byDensity, type Figure, type StoredFigure, spanOf, storedFigures } from './runs.js'
import { targetsTable } from './targets.js'
import { MOST_OTHERS } from './threads-rule.js'

const limitOf = ({ limit }: Figure) => Math.max(limit.sums, limit.memory)

/** Cost against density: a row a density, milliseconds of processor time for the whole batch. */
function costTable(network: string, batch: number): string {
  const groups = byDensity(storedFigures(network), batch)
  const native = groups.every((lines) => has(lines, 'onnx'))
  const head = [
    ...[
      'weights left',
      'multiply-adds',
      'tfjs, ms',
      'compiled, ms',
      'limit, ms',
      'tfjs / compiled',
    ],
    ...(native ? ['onnxruntime, ms', 'onnxruntime / compiled'] : []),
  ]
  const rows = groups.map((lines) => [
    percent(lines[0]!.density),
    `${short(lines[0]!.multiplyAdds / 1e6)} M`,
    ...[(one: Figure) => processor(one, 'tfjs'), (one: Figure) => processor(one, 'compiled')].map(
      (of) => spanned(over(lines, of)),
    ),
    short(over(lines, limitOf).median),
    spanned(over(lines, (one) => ratio(one, 'tfjs'))),
    ...(native
      ? [
          spanned(over(lines, (one) => processor(one, 'onnx'))),
          spanned(over(lines, (one) => ratio(one, 'onnx'))),
        ]
      : []),
  ])
  return markdown(head, rows)
}

/** A network with 11 % of its weights by filters beside the one with 10 % of single weights. */
function smallerTable(network: string): string {
  const lines = storedFigures(network).filter(({ times }) => times.smaller)
  const names = {
    tfjs: 'single weights pruned, in tfjs',
    compiled: 'single weights pruned, compiled',
    smaller: 'shrunk by filters, in tfjs',
    smallerCompiled: 'shrunk by filters, compiled',
  }
  const rows = Object.entries(names).map(([side, name]) => [
    name,
    spanned(over(lines, (one) => processor(one, side))),
  ])
  return markdown(['MobileNetV2', 'ms'], rows)
}

/** Wall time beside a peer with two threads; ratios only of runs that had the host to themselves. */
function threadsTable(network: string): string {
  const groups = byDensity(
    storedFigures(network).filter(({ threads }) => threads),
    1,
  )
  const rows = groups.map((lines) => {
    const found = lines.map(({ threads }) => threads!)
    const ratios = found.flatMap(({ ratio }) => ratio ?? [])
    return [
      percent(lines[0]!.density),
      spanned(spanOf(found.map(({ peer }) => peer))),
      spanned(spanOf(found.map(({ ours }) => ours))),
      spanned(spanOf(found.map(({ others }) => others))),
      ratios.length > 0 ? spanned(spanOf(ratios)) : `none: above ${MOST_OTHERS}`,
    ]
  })
  const head = [
    ...['weights left', 'onnxruntime with 2 threads, wall ms', 'compiled with 1, wall ms'],
    ...['cores busy with other work', 'ratio'],
  ]
  return markdown(head, rows)
}

/** The host, its limits and its noise over all runs. */
function hostTable(): string {
  const all = Object.keys({ ...cases, ...trainingCases }).flatMap((network) =>
    storedFigures(network),
  )
  const of = (value: (figure: StoredFigure) => number) => spanned(spanOf(all.map(value)))
  const noise = ({ times }: Figure) =>
    spanOf(Object.values(times).map(({ processor }) => processor.median / processor.least)).median
  const hosts = [...new Set(all.map(({ host }) => host))]
  return markdown(
    ['the host of the runs', 'median (least–most)'],
    [
      ['machine', hosts.join('; ')],
      ['runs', `${new Set(all.map(({ run }) => run)).size}`],
      ['SIMD peak of one core, GFLOP/s', of(({ peak }) => peak)],
      ['reading of memory, GB/s', of(({ bandwidth }) => bandwidth)],
      ['cores busy with other work', of(({ others }) => others)],
      ['load over a minute', of(({ load }) => load)],
      ['noise: median turn / least turn', of(noise)],
      [
        'furthest output, of the largest',
        Math.max(...all.map((one) => one.difference)).toExponential(0),
      ],
    ],
  )
}

const trainingTables: Readonly<Record<string, () => string>> = {
  targets: trainingTargetsTable,
  threads: trainingThreadsTable,
}
const roundsTables: Readonly<Record<string, (network: RoundsNetwork) => string>> = {
  rounds: roundsTable,
  ratios: roundsRatios,
  quality: roundsQuality,
}

/** The table behind `<!-- speed NAME -->`, such as `alexnet 1`: a network and a batch. */
export function speedTable(name: string): string {
  const [kind = '', batch] = name.split(' ')
  if (kind === 'host') return hostTable()
  if (kind === 'targets') return targetsTable()
  if (kind === 'threads') return threadsTable('alexnet')
  if (kind === 'smaller') return smallerTable('mobilenet')
  const ofRounds = roundsTables[kind]
  if (ofRounds && batch) return ofRounds(batch as RoundsNetwork)
  if (kind === 'training' && batch)
    return trainingTables[batch]?.() ?? trainingTable(`training-${batch}`)
  if (kind in cases && batch) return costTable(kind, Number(batch))
  throw new Error(`Expected host, targets, threads, smaller or a network and a batch, got ${name}`)
}
