import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { countValue, secondsValue } from './option-values.js'
import { type Common, examples, json, show } from './options.js'

interface SweepFlags extends Common {
  readonly module: string
  readonly store: string
  readonly workers?: number
  readonly attempts: number
  readonly backoff: number
  readonly retryFailed?: boolean
}

/** Adds `sweep`. */
export function addSweep(root: Command, host: Host): void {
  root
    .command('sweep')
    .description('run the jobs of a module, each once, and keep their rows in a folder')
    .requiredOption(
      '-m, --module <module>',
      'module with the list jobs; its default export is the job',
    )
    .requiredOption('-s, --store <folder>', 'where outcomes are kept; what is there is skipped')
    .option('-w, --workers <count>', 'worker processes (default: none, jobs run here)', countValue)
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
      ),
    )
    .action((options: SweepFlags) => runSweep(options, host))
}

async function runSweep({ module, json: asJson, ...options }: SweepFlags, host: Host) {
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
