// Tables of the stored runs of bench/misses.ts, as README.md, the guide and the quickstart show them.
import { existsSync } from 'node:fs'
import Table from 'cli-table3'
import {
  type ArmSummary,
  type Figures,
  runsFile,
  storedRuns,
  summariseStudy,
} from './misses-study.js'

/** The sets of the study, by the name of their file. */
export const sets = {
  xrays: 'chest X-rays',
  eights: 'the digit 8',
  melanoma: 'melanoma',
} as const

/** Arms in the order of the tables, with a word for each. */
const words: Record<string, string> = {
  plain: 'plain: the paper’s shares, cross-entropy',
  teach: 'with a teacher',
  spareEnds: 'ends whole',
  lamp: '`lamp()`',
  augment: 'images shifted by 2 pixels',
  aucPairwise: 'with `aucPairwise` in the loss',
  'teach, spareEnds': 'a teacher and whole ends',
  'teach, lamp': 'a teacher and `lamp()`',
  'teach, spareEnds, augment':
    'a teacher, whole ends, shifts: `recipe.denseQuality({ pixels: 2 })`',
  'teach, lamp, augment': 'a teacher, `lamp()`, shifts',
}

export type SetName = keyof typeof sets

/** The sets whose runs are stored. */
export function storedSets(): SetName[] {
  return (Object.keys(sets) as SetName[]).filter((set) => existsSync(runsFile(set)))
}

/** An arm with more epochs than the others. */
const LONGER = /^(.+), (\d+) epochs$/

/** A word for an arm; sets have other numbers of epochs. Throws for an arm that it does not know. */
export function wordOf(arm: string): string {
  const [, base, epochs] = LONGER.exec(arm) ?? []
  if (epochs && base === 'plain') return `plain with ${epochs} epochs a round`
  const word = words[base ?? arm]
  if (word) return epochs ? `${word}, ${epochs} epochs a round` : word
  throw new Error(`Expected arms among ${Object.keys(words).join('; ')}, got ${arm}`)
}

/** The arms of a set, in the order of the tables; those of more epochs come last. */
export function armsOf(set: SetName): ArmSummary[] {
  const order = Object.keys(words)
  const place = (arm: string) => {
    const [, base] = LONGER.exec(arm) ?? []
    return base ? order.length + order.indexOf(base) : order.indexOf(arm)
  }
  return summariseStudy(storedRuns(set)).sort((a, b) => place(a.arm) - place(b.arm))
}

const percent = (share: number, digits = 1) => (100 * share).toFixed(digits)
const pruned = ({ levels }: ArmSummary) => levels.filter(({ density }) => density < 1)
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const markdown = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** The arms that the short table shows. */
const SHOWN = ['plain', 'teach', 'spareEnds', 'lamp', 'teach, spareEnds']
const WHOLE = 'teach, spareEnds, augment'

/** FNR in % at an FPR of 10 %, a column a set: at 12.5, 6.25 and 3.1 % of the weights. */
export function shortTable(names: readonly SetName[]): { head: string[]; rows: string[][] } {
  const all = names.map((set) => armsOf(set))
  const cell = (arms: readonly ArmSummary[], arm: string) => {
    const found = arms.find((one) => one.arm === arm)
    return found
      ? pruned(found)
          .map((level) => percent(level.fnrAtFpr10))
          .join(', ')
      : ''
  }
  const dense = (arms: readonly ArmSummary[], arm: string) => {
    const found = arms.find((one) => one.arm === arm)
    return found ? percent(found.levels[0]!.fnrAtFpr10) : ''
  }
  return {
    head: ['FNR % where FPR is 10 %', ...names.map((set) => sets[set])],
    rows: [
      ['dense', ...all.map((arms) => dense(arms, 'plain'))],
      ...SHOWN.map((arm) => [wordOf(arm), ...all.map((arms) => cell(arms, arm))]),
      ['dense, images shifted', ...all.map((arms) => dense(arms, 'augment'))],
      ...['augment', WHOLE].map((arm) => [wordOf(arm), ...all.map((arms) => cell(arms, arm))]),
    ],
  }
}

export function shortMarkdown(names: readonly SetName[]): string {
  const { head, rows } = shortTable(names)
  return markdown(head, rows)
}

/** The short table for a terminal. */
export function shortText(names: readonly SetName[]): string {
  const { head, rows } = shortTable(names)
  const table = new Table({ head, style: { head: [], border: [] } })
  table.push(...rows.map((cells) => cells.map((text) => text.replaceAll('`', ''))))
  return `${table}`
}

/** All figures of a set: a row an arm, a cell a level from dense to sparse. */
export function longMarkdown(set: SetName): string {
  const arms = armsOf(set)
  const [first] = arms
  const densities = pruned(first!).map(
    ({ density }) => `${percent(density, density < 0.1 ? 2 : 1)} %`,
  )
  const over = (arm: ArmSummary, figure: keyof Figures, digits = 2) =>
    pruned(arm)
      .map((level) => percent(level[figure], digits))
      .join(', ')
  const p = ({ p, pByHolm }: ArmSummary) =>
    (['fnrAtFpr10', 'auc'] as const).map((figure) =>
      p[figure] === undefined ? '' : `${short(p[figure]!)} (${short(pByHolm[figure]!)})`,
    )
  const rows = arms.map((arm) => [
    wordOf(arm.arm),
    over(arm, 'fnrAtFpr10'),
    over(arm, 'fnrAtFpr5'),
    over(arm, 'auc'),
    over(arm, 'multiplyAdds', 0),
    ...p(arm),
    `${arm.seeds}`,
  ])
  const dense = (name: string, arm: string): string[][] => {
    const found = arms.find((one) => one.arm === arm)?.levels[0]
    if (!found) return []
    const figures = [found.fnrAtFpr10, found.fnrAtFpr5, found.auc].map((one) => percent(one, 2))
    return [[name, ...figures, '100', '', '', '']]
  }
  const head = [
    densities.join(', '),
    ...['FNR at FPR 10 %', 'FNR at FPR 5 %', 'AUC %', 'multiply-adds %'],
    ...['p of FNR (Holm)', 'p of AUC (Holm)', 'seeds'],
  ]
  const denseRows = [...dense('dense', 'plain'), ...dense('dense, images shifted', 'augment')]
  return markdown(head, [...denseRows, ...rows])
}

const short = (p: number) => (p < 0.1 ? p.toFixed(3) : p.toFixed(2)).replace(/^0/, '')
