import { holm } from 'tfjs-prune/metrics'
import { difference, markdown, pText } from './cells.js'
import { type Comparison, compareSides } from './compare-sides.js'
import { FIGURES, type FigureName } from './figures.js'
import type { Judged } from './judged.js'
import { SPARSE } from './levels.js'
import { BASE, nameOf } from './system-names.js'

/** A family of tests: systems, each beside the one that it is compared with. */
interface Family {
  readonly title: string
  readonly pairs: readonly (readonly [own: string, other: string])[]
}

const FAMILIES: readonly Family[] = [
  {
    title: 'The recipe beside plain tickets, and beside the better shares',
    pairs: [
      ['recipe', BASE],
      ['recipe', 'LAMP'],
      ['recipe with LAMP', BASE],
      ['recipe with LAMP', 'LAMP'],
    ],
  },
  {
    title: 'Each part beside the system that lacks it',
    pairs: [
      ['ends whole', BASE],
      ['LAMP', BASE],
      ['teacher', BASE],
      ['shifts', BASE],
      ['rate rewound', BASE],
      ['ends whole, teacher', 'ends whole'],
      ['recipe', 'ends whole, teacher'],
    ],
  },
  {
    title: 'On top of the recipe',
    pairs: [
      ['recipe, black', 'recipe'],
      ['recipe, aucPairwise', 'recipe'],
      ['recipe, hard negatives', 'recipe'],
      ['recipe, budget', 'recipe'],
      ['recipe, worst class', 'recipe'],
      ['recipe, rate rewound', 'recipe'],
      ['recipe, averaged', 'recipe'],
    ],
  },
]
const TESTED: readonly FigureName[] = ['fnrAtFpr10', 'fnrAtFpr5']

/**
 * The gain of each part at 6.25 % of the weights and below: the mean over these levels, by seed, a
 * table a family. Holm's correction goes over the tests of a family.
 */
export function recipeTables(judged: Judged): string {
  return FAMILIES.flatMap(({ title, pairs }) => {
    const table = familyTable(judged, pairs)
    return table ? [`${title}:`, table] : []
  }).join('\n\n')
}

function familyTable(judged: Judged, pairs: Family['pairs']): string | undefined {
  const rows = pairs.flatMap(([own, other]) => {
    const compare = (figure: FigureName) =>
      compareSides(
        judged,
        [
          { system: own, levels: SPARSE },
          { system: other, levels: SPARSE },
        ],
        figure,
      )
    const tested = TESTED.map(compare)
    const cost = (['multiplyAdds', 'seconds'] as const).map(compare)
    return tested[0] ? [{ own, other, tested, cost }] : []
  })
  if (rows.length === 0) return undefined
  // Pairs without rows count with a p-value of 1, so that later rows change no correction.
  const found = rows.flatMap(({ tested }) => tested)
  const absent = TESTED.length * (pairs.length - rows.length)
  const known = found.map((one) => one?.paired.pValue ?? 1)
  const adjusted = holm([...known, ...Array<number>(absent).fill(1)])
  const pOf = (one: Comparison) => adjusted[found.indexOf(one)]
  const lines = rows.map(({ own, other, tested, cost }) => [
    nameOf(own),
    nameOf(other),
    ...tested.flatMap((one, i) => cellsOf(one, TESTED[i]!, pOf)),
    ...cost.map((one) => (one ? `${one.other.toFixed(1)} → ${one.own.toFixed(1)}` : '')),
    `${tested[0]!.paired.pairs}`,
  ])
  const head = TESTED.flatMap((figure) => [`${FIGURES[figure].head}, points [95 %]`, 'p (Holm)'])
  return markdown(
    ['system', 'beside', ...head, 'multiply-adds, %', 'seconds a round', 'seeds'],
    lines,
  )
}

function cellsOf(
  one: Comparison | undefined,
  figure: FigureName,
  pOf: (one: Comparison) => number | undefined,
): string[] {
  if (!one) return ['', '']
  return [difference(one, FIGURES[figure].decimals), pText(pOf(one))]
}

/**
 * Systems at 6.25 % of the weights and below, beside the dense network of plain training and beside
 * their own dense network, which has their rate, epochs and shifts.
 */
export function besideDenseTable(judged: Judged): string {
  const systems = [BASE, 'LAMP', 'ends whole', 'shifts', 'recipe', 'recipe with LAMP']
  const rows = systems.flatMap((system) => {
    const compared = TESTED.flatMap((figure) =>
      [BASE, system].map((dense) => ({
        figure,
        one: compareSides(
          judged,
          [
            { system, levels: SPARSE },
            { system: dense, levels: [0] },
          ],
          figure,
        ),
      })),
    )
    const [first] = compared
    if (!first?.one) return []
    const cells = compared.map(({ figure, one }) => {
      const { decimals } = FIGURES[figure]
      return one
        ? `${one.other.toFixed(decimals)} → ${one.own.toFixed(decimals)}, ${difference(one, decimals)}`
        : ''
    })
    return [[nameOf(system), ...cells, `${first.one.paired.pairs}`]]
  })
  const head = TESTED.flatMap((figure) => [
    `${FIGURES[figure].head}: plain dense`,
    `${FIGURES[figure].head}: own dense`,
  ])
  return markdown(['system', ...head, 'seeds'], rows)
}
