import { markdown } from './cells.js'
import type { Judged } from './judged.js'
import { nameOf, ordered } from './system-names.js'

/** The tuned rate and epochs of each system, and whether the best rate is an outermost one. */
export function tuningTable({ choices }: Judged): string {
  const order = ordered(choices.map(({ group }) => String(group.system)))
  const rows = order.map((system) => {
    const { point, mean, edges, tried } = choices.find(({ group }) => group.system === system)!
    const counts = tried.reduce((sum, { count }) => sum + count, 0)
    const diverged = tried.reduce((sum, one) => sum + one.diverged, 0)
    const edge = edges.rate && edges.rate !== 'only' ? `the ${edges.rate} tried` : ''
    const best = point ? [`${point.rate}`, edge, `${point.epochs}`] : ['none', '', '']
    const auc = mean === null ? '' : (100 * mean).toFixed(2)
    return [nameOf(system), ...best, auc, `${tried.length}`, `${counts}`, `${diverged}`]
  })
  const head = ['rate', 'at the edge', 'epochs a round', 'AUC % on validation', 'points']
  return markdown(['system', ...head, 'runs', 'diverged'], rows)
}
