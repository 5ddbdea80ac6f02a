import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { withProgress } from '../terminal/progress-bar.js'
import { type Common, examples, json, MODEL, show, start } from './options.js'

/** Adds `inspect`. */
export function addInspect(root: Command, host: Host): void {
  root
    .command('inspect')
    .description('list sizes, weights and densities; nothing is written')
    .argument('<model>', MODEL)
    .option('--all', 'list all weights')
    .addOption(json())
    .addHelpText('after', examples('inspect model/', 'inspect model.tfpr --json'))
    .action(async (model: string, options: Common & { readonly all?: boolean }) => {
      const { inspect } = await import('../commands/inspect.js')
      const { inspectionText } = await import('../printers/inspection-text.js')
      await start('cpu', host)
      const outcome = await withProgress(host, 'measuring', (onProgress) =>
        inspect(model, { onProgress, signal: host.signal }),
      )
      const how = { colours: coloursOf(host), all: options.all === true }
      await show(host, { outcome, asJson: options.json }, (one) => inspectionText(one, how))
    })
}
