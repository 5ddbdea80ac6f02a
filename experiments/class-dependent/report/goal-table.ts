import { holm } from 'tfjs-prune/metrics'
import { atCost } from './at-cost.js'
import { difference, markdown, pText } from './cells.js'
import { type Comparison, compareSides, compareValues } from './compare-sides.js'
import { FIGURES, type FigureName } from './figures.js'
import { type Judged, meanOf, runsOf } from './judged.js'
import { SPARSE } from './levels.js'
import { titleOf } from './studies.js'
import { BASE } from './system-names.js'
import { type Verdict, verdictOf } from './verdicts.js'

const RECIPES = ['recipe', 'recipe with LAMP']
/** The recipe with the part that X-rays and cracks chose. */
const CHOSEN = 'recipe, hard negatives'
const BASELINES = [BASE, 'LAMP', 'shifts']
const TESTED: readonly FigureName[] = ['fnrAtFpr10', 'fnrAtFpr5']

/** Points in % by which the recipe may miss more than the dense network and be level with it. */
export const DENSE_MARGIN = 1

/** A part of the goal: two sides to compare, and the side that is wanted. */
export interface Goal {
  readonly text: string
  readonly figure: FigureName
  readonly wanted: 'lower' | 'near'
  readonly compare: (judged: Judged) => Comparison | undefined
}

const goalsOf = (recipe: string): readonly Goal[] => [
  ...BASELINES.flatMap((base) =>
    TESTED.map(
      (figure): Goal => ({
        text: `${recipe} below ${base} of equal cost: ${FIGURES[figure].head}`,
        figure,
        wanted: 'lower',
        compare: (judged) => atEqualCost(judged, [recipe, base], figure),
      }),
    ),
  ),
  ...[
    { words: 'the dense network of plain training', system: BASE },
    { words: 'its own dense network', system: recipe },
  ].flatMap(({ words, system }) =>
    TESTED.map(
      (figure): Goal => ({
        text: `${recipe} level with ${words} or below: ${FIGURES[figure].head}`,
        figure,
        wanted: 'near',
        compare: (judged) =>
          compareSides(
            judged,
            [
              { system: recipe, levels: SPARSE },
              { system, levels: [0] },
            ],
            figure,
          ),
      }),
    ),
  ),
]

const GOALS = RECIPES.flatMap(goalsOf)
/** The parts of the goal for the recipe with the part that was chosen. */
export const CHOSEN_GOALS = goalsOf(CHOSEN)

/** A part of the goal on the rows of a study. */
export interface JudgedGoal {
  readonly goal: Goal
  readonly verdict: Verdict
  readonly comparison: Comparison
  /** By Holm over the parts that name a side. */
  readonly pByHolm: number | undefined
}

/** The goal of the recipe, by the rules of the claims: a row a part of it, a column a study. */
export const goalTable = (all: readonly Judged[]): string => tableOf(GOALS, all)

/** The same goal of the recipe with the part that was chosen: a family of its own. */
export function chosenGoalTable(all: readonly Judged[]): string {
  const studies = all.filter(({ systems }) => systems.includes(CHOSEN))
  return studies.length > 0 ? tableOf(CHOSEN_GOALS, studies) : 'No study has rows of it yet.'
}

function tableOf(goals: readonly Goal[], all: readonly Judged[]): string {
  const columns = all.map((judged) => judgeGoals(judged, goals))
  const rows = goals.map((goal) => [
    goal.text,
    ...columns.map((found) => {
      const one = found.find((own) => own.goal === goal)
      return one ? goalCell(one) : 'no rows'
    }),
  ])
  return markdown(['goal', ...all.map(({ study }) => titleOf(study))], rows)
}

/** The parts of the goal of whose systems a study has rows; undefined where there is none. */
export function goalsWithRows(judged: Judged): string | undefined {
  const rows = judgeGoals(judged).map((one) => [one.goal.text, goalCell(one)])
  return rows.length > 0 ? markdown(['goal', 'verdict: points [95 %]'], rows) : undefined
}

/** A verdict with its difference, its interval and p. */
export function goalCell({ goal, verdict, comparison, pByHolm }: JudgedGoal): string {
  const p = pByHolm === undefined ? '' : `, p ${pText(pByHolm)}`
  return `${verdict}: ${difference(comparison, FIGURES[goal.figure].decimals)}${p}`
}

/** Judges the parts of a goal of whose systems a study has rows, by Holm over all of its parts. */
export function judgeGoals(judged: Judged, goals: readonly Goal[] = GOALS): JudgedGoal[] {
  const compared = goals.map((goal) => ({ goal, comparison: goal.compare(judged) }))
  const tested = compared.filter(({ goal }) => goal.wanted === 'lower')
  const adjusted = holm(tested.map(({ comparison }) => comparison?.paired.pValue ?? 1))
  return compared.flatMap((one) => {
    const { goal, comparison } = one
    if (!comparison) return []
    const pByHolm = adjusted[tested.indexOf(one)]
    const rule = { wanted: goal.wanted, margin: DENSE_MARGIN }
    const found = { comparison, pByHolm, largest: undefined }
    const verdict = verdictOf(rule, { ...found, tests: tested.length })
    return [{ goal, verdict, comparison, pByHolm }]
  })
}

/**
 * A recipe at 6.25 % of the weights and below, beside a baseline that has as many multiply-adds
 * left at each of these levels, by seed.
 */
function atEqualCost(
  judged: Judged,
  [recipe, base]: readonly [string, string],
  figure: FigureName,
): Comparison | undefined {
  const whole = runsOf(judged, recipe).flatMap(({ seed, levels }) => {
    const sparse = SPARSE.flatMap((level) => levels[level] ?? [])
    return sparse.length === SPARSE.length ? [{ seed, sparse }] : []
  })
  const own = whole.map(({ seed, sparse }) => ({
    seed,
    value: meanOf(sparse.map(FIGURES[figure].of)),
  }))
  const other = runsOf(judged, base).flatMap(({ seed, levels }) => {
    const beside = whole.find((run) => run.seed === seed)
    if (!beside) return []
    const values = beside.sparse.map(({ multiplyAdds }) => atCost(levels, figure, multiplyAdds))
    return [{ seed, value: meanOf(values) }]
  })
  const { direction } = FIGURES[figure]
  return compareValues(own, other, direction)
}
