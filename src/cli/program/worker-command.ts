import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { countValue, idleValue } from './option-values.js'
import { type Common, examples, json, queueUrl, show } from './options.js'

interface WorkerFlags extends Common {
  readonly module: string
  readonly queue: string
  readonly name: string
  readonly concurrency?: number
  readonly idle?: number
}

/** Adds `worker`. */
export function addWorker(root: Command, host: Host): void {
  root
    .command('worker')
    .description('run jobs of a queue in Redis, until Ctrl+C or SIGTERM')
    .requiredOption('-m, --module <module>', 'module whose default export is the job')
    .addOption(queueUrl('Redis that holds the queue').makeOptionMandatory())
    .requiredOption('-n, --name <name>', 'name of the queue, as the driver has it')
    .option('-c, --concurrency <count>', 'jobs at the same time (default: 1)', countValue)
    .option('--idle <seconds>', 'end after so long without a job (default: never)', idleValue)
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'worker --module jobs.js --queue redis://localhost:6379 --name study',
        'worker -m jobs.js -q rediss://me:secret@host:6380 -n study --idle 60',
      ),
    )
    .action((options: WorkerFlags) => runWorker(options, host))
}

async function runWorker({ module, queue, name, json: asJson, ...how }: WorkerFlags, host: Host) {
  const { work } = await import('../commands/worker.js')
  const { outcomeText, workedText } = await import('../printers/worked-text.js')
  const { tell, signal } = host
  const outcome = await work(
    module,
    { connection: queue, name },
    {
      ...{ ...how, signal },
      onStart: (place) => tell(`Working for ${place}. Ctrl+C gives its jobs back and ends it.`),
      onOutcome: (one) => tell(outcomeText(one)),
    },
  )
  await show(host, { outcome, asJson }, (one) => workedText(one, coloursOf(host)))
}
