import { markdown } from './cells.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'

/** The training time of all studies, tuning included, as the rows tell it. */
export function timeTable(all: readonly Judged[]): string {
  const hours = (seconds: number) => (seconds / 3600).toFixed(2)
  const rows = all.map(({ study }) => {
    const of = (phase: string) => {
      const runs = study.rows.filter((row) => row.phase === phase)
      const levels = runs.flatMap((row) => row.levels ?? [])
      const seconds = levels.reduce((sum, level) => sum + level.seconds, 0)
      return { runs: runs.length, seconds }
    }
    const [tuning, tests] = [of('tuning'), of('test')]
    const sums = [tuning, tests].flatMap(({ runs, seconds }) => [`${runs}`, hours(seconds)])
    return [titleOf(study), ...sums]
  })
  const head = ['tuning runs', 'hours', 'reported runs', 'hours']
  return markdown(['study', ...head], rows)
}
