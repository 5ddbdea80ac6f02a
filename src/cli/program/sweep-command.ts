import { type Command, Option } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { countValue, secondsValue } from './option-values.js'
import { type Common, examples, json, show } from './options.js'

interface SweepFlags extends Common {
  readonly module: string
  readonly store: string
  readonly workers?: number
  readonly queue?: string | true
  readonly name?: string
  readonly attempts: number
  readonly backoff: number
  readonly retryFailed?: boolean
}

/** Adds `sweep`. */
export function addSweep(root: Command, host: Host): void {
  root
    .command('sweep')
    .description('run the jobs of a module, each once, and keep their rows')
    .requiredOption(
      '-m, --module <module>',
      'module with the list jobs; its default export is the job',
    )
    .requiredOption('-s, --store <folder>', 'folder, or redis:// URL; what is there is skipped')
    .option('-w, --workers <count>', 'worker processes (default: none, jobs run here)', countValue)
    .addOption(
      new Option(
        '-q, --queue [url]',
        'Redis with a queue, whose workers run the jobs (no URL: that of REDIS_URL)',
      ).conflicts('workers'),
    )
    .option('-n, --name <name>', 'name of the queue, and of the sweep where Redis keeps it')
    .option('--attempts <count>', 'tries of a job that fails', countValue, 1)
    .option(
      '--backoff <seconds>',
      'wait before the second try, twice as long each time',
      secondsValue,
      1,
    )
    .option('--retry-failed', 'run jobs again whose stored outcome is an error')
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'sweep --module jobs.js --workers 2 --store rows/',
        'sweep -m jobs.js -w 2 -s rows/ --attempts 3 --retry-failed',
        'sweep -m jobs.js -q redis://localhost:6379 -n study -s rows/',
      ),
    )
    .action((options: SweepFlags) => runSweep(options, host))
}

async function runSweep({ module, json: asJson, queue: place, ...rest }: SweepFlags, host: Host) {
  // Kept out of the description of the option, which help prints: a URL may hold a password.
  const queue = place === true ? (process.env.REDIS_URL ?? '') : place
  const options = { ...rest, queue }
  const { sweepModule } = await import('../commands/sweep.js')
  const { finishedText, sweptText } = await import('../printers/swept-text.js')
  const { withSweepView } = await import('../terminal/sweep-view.js')
  const { tell, terminal, signal } = host
  const outcome = terminal
    ? await withSweepView(terminal, (onEvent) =>
        sweepModule(module, { ...options, signal, onEvent }),
      )
    : await sweepModule(module, {
        ...{ ...options, signal },
        onEvent: (event) => event.type === 'finished' && tell(finishedText(event)),
      })
  await show(host, { outcome, asJson }, (one) => sweptText(one, coloursOf(host)))
  const failed = outcome.failed.length
  if (failed === 0) return
  const remedy = '--retry-failed runs them again'
  throw new Error(`Cannot finish the sweep: expected no failed jobs, got ${failed}: ${remedy}`)
}
