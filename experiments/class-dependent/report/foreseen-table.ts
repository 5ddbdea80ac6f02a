import { markdown } from './cells.js'
import { denseAuc } from './dense-auc.js'
import { goalCell, judgeGoals } from './goal-table.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'
import { BASE } from './system-names.js'

const GOAL = 'recipe below red of equal cost: FNR at FPR 10 %'

/**
 * The dense networks on validation, and the outcome of pruning that they foresee: the recipe misses
 * less than plain pruning where its dense networks have the higher mean AUC. A row a study that has
 * both.
 */
export function foreseenTable(all: readonly Judged[]): string {
  const rows = all.flatMap((judged) => {
    const [plain, own] = [denseAuc(judged, BASE), denseAuc(judged, 'recipe')]
    const outcome = judgeGoals(judged).find(({ goal }) => goal.text === GOAL)
    if (plain === undefined || own === undefined || !outcome) return []
    const aucs = `${plain.toFixed(2)} → ${own.toFixed(2)}`
    return [[titleOf(judged.study), aucs, own > plain ? 'held' : 'not held', goalCell(outcome)]]
  })
  if (rows.length === 0) return 'No study has rows of both yet.'
  const head = ['set', 'dense AUC % on validation: red → recipe', 'foreseen', GOAL]
  return markdown(head, rows)
}
