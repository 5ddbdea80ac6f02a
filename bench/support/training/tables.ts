import { has, markdown, over, percent, processor, ratio, short, spanned } from '../speed/cells.js'
import { byDensity, type StoredFigure, spanOf, storedFigures } from '../speed/runs.js'
import { MOST_OTHERS } from '../speed/threads-rule.js'
import { BATCH, trainingCases } from './cases.js'

/** Milliseconds of two sides, and how many times the second's the first's are. */
const besides = (lines: readonly StoredFigure[], first: string, second: string) => [
  ...[first, second].map((side) => spanned(over(lines, (one) => processor(one, side)))),
  spanned(over(lines, (one) => processor(one, first) / processor(one, second))),
]

/** Milliseconds of a training step by itself and within the whole call of `fit`, a row a density. */
export function trainingTable(network: string): string {
  const groups = byDensity(storedFigures(network), BATCH)
  const native = groups.every((lines) => has(lines, 'torch'))
  const head = [
    ...['weights left', 'limit, ms', 'step: tfjs, ms', 'at density, ms', 'ratio'],
    ...['in `fit`: tfjs, ms', 'at density, ms', 'ratio'],
    ...(native ? ['PyTorch, ms', 'PyTorch / at density in `fit`'] : []),
  ]
  const rows = groups.map((lines) => [
    percent(lines[0]!.density),
    short(over(lines, ({ limit }) => limit.sums).median),
    ...besides(lines, 'tfjsStep', 'compiledStep'),
    ...besides(lines, 'tfjs', 'compiled'),
    ...(native
      ? [
          spanned(over(lines, (one) => processor(one, 'torch'))),
          spanned(over(lines, (one) => ratio(one, 'torch'))),
        ]
      : []),
  ])
  return markdown(head, rows)
}

/** Wall milliseconds of a step beside PyTorch with two threads, on a quiet host alone. */
export function trainingThreadsTable(): string {
  const rows = Object.entries(trainingCases).flatMap(([network, { title }]) =>
    byDensity(
      storedFigures(network).filter(({ threads }) => threads),
      BATCH,
    ).map((lines) => {
      const found = lines.map(({ threads }) => threads!)
      const ratios = found.flatMap(({ ratio }) => ratio ?? [])
      return [
        ...[title, percent(lines[0]!.density)],
        spanned(spanOf(found.map(({ peer }) => peer))),
        spanned(spanOf(found.map(({ ours }) => ours))),
        ratios.length > 0 ? spanned(spanOf(ratios)) : `none: above ${MOST_OTHERS}`,
      ]
    }),
  )
  const head = ['network', 'weights left', 'PyTorch, wall ms', 'at density, wall ms', 'ratio']
  return markdown(head, rows)
}

interface Target {
  readonly network: string
  readonly density: number
  readonly times: number
}

const TARGETS: readonly Target[] = [
  { network: 'training-reference', density: 0.0625, times: 7 },
  { network: 'training-reference', density: 0.0157, times: 15 },
  { network: 'training-alexnet', density: 0.0625, times: 8 },
  { network: 'training-alexnet', density: 0.0157, times: 25 },
  { network: 'training-mlp', density: 0.0625, times: 10 },
  { network: 'training-mlp', density: 0.0157, times: 25 },
]

/** The aims of a step by itself against tfjs, and the figures of the runs. */
export function trainingTargetsTable(): string {
  const rows = TARGETS.flatMap(({ network, density, times }) => {
    const lines = storedFigures(network).filter((one) => one.density === density)
    if (lines.length === 0) return []
    const of = ([first, second]: readonly [string, string]) =>
      over(lines, (one) => processor(one, first) / processor(one, second))
    const step = of(['tfjsStep', 'compiledStep'])
    const names = [trainingCases[network]!.title, percent(density)]
    const reached = step.median >= times ? 'yes' : 'no'
    return [[...names, `${times}`, spanned(step), reached, spanned(of(['tfjs', 'compiled']))]]
  })
  const head = ['network', 'weights left', 'aim', 'step by itself', 'reached', 'within `fit`']
  return markdown(head, rows)
}
