import { markdown } from './cells.js'
import type { Judged } from './judged.js'
import { titleOf } from './studies.js'

/** The training time of all studies, tuning included, as the rows tell it, and its sum. */
export function timeTable(all: readonly Judged[]): string {
  const studies = all.map(({ study }) => {
    const of = (phase: string) => {
      const runs = study.rows.filter((row) => row.phase === phase)
      const levels = runs.flatMap((row) => row.levels ?? [])
      const seconds = levels.reduce((sum, level) => sum + level.seconds, 0)
      return [runs.length, seconds / 3600]
    }
    return { title: titleOf(study), numbers: [...of('tuning'), ...of('test')] }
  })
  const sums = [0, 1, 2, 3].map((i) => studies.reduce((sum, { numbers }) => sum + numbers[i]!, 0))
  const rows = [...studies, { title: 'all', numbers: sums }].map(({ title, numbers }) => [
    title,
    ...numbers.map((number, i) => (i % 2 === 0 ? `${number}` : number.toFixed(2))),
  ])
  const head = ['tuning runs', 'hours', 'reported runs', 'hours']
  return markdown(['study', ...head], rows)
}
