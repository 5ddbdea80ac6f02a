/** Drives a job that keeps the thread of its worker busy for ever: folder. */
import { fileURLToPath } from 'node:url'
import { grid, processes, sweep } from 'tfjs-prune/sweep'

await sweep(grid({ mode: ['blocks'], seed: [1], folder: [process.argv[2]!] }), {
  module: fileURLToPath(new URL('./hazards.js', import.meta.url)),
  runner: processes({ workers: 1 }),
})
