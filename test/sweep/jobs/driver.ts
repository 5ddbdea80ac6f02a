/** Drives a sweep of counted jobs: folder, number of jobs, number of workers (0: in process). */
import { fileURLToPath } from 'node:url'
import { grid, inProcess, processes, sweep } from 'tfjs-prune/sweep'

const [folder, jobs, workers] = process.argv.slice(2)
const points = { index: Array.from({ length: Number(jobs) }, (_, i) => i), folder: [folder!] }
process.stdout.write('ready\n')
const { rows, skipped } = await sweep(grid(points), {
  module: fileURLToPath(new URL('./counted.js', import.meta.url)),
  runner: workers === '0' ? inProcess() : processes({ workers: Number(workers) }),
  store: `${folder}/rows`,
})
process.stdout.write(`${JSON.stringify({ rows: rows.length, skipped })}\n`)
