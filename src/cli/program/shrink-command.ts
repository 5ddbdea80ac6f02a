import type { Command } from 'commander'
import type { BackendName } from '../models/backend-names.js'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { withProgress } from '../terminal/progress-bar.js'
import {
  backend,
  examples,
  force,
  json,
  MODEL,
  OUTPUT,
  show,
  start,
  type,
  type Writing,
} from './options.js'

/** Adds `shrink`. */
export function addShrink(root: Command, host: Host): void {
  root
    .command('shrink')
    .description('take away units that no output depends on; for models of layers')
    .argument('<model>', MODEL)
    .argument('<output>', OUTPUT)
    .addOption(type('float32'))
    .addOption(backend())
    .addOption(force())
    .addOption(json())
    .addHelpText('after', examples('shrink pruned/ small/', 'shrink pruned.tfpr small.tfpr'))
    .action(async (model: string, output: string, options: Writing & { backend: BackendName }) => {
      const { shrink } = await import('../commands/shrink.js')
      const { shrunkText } = await import('../printers/outcome-texts.js')
      await start(options.backend, host)
      const outcome = await withProgress(host, 'shrinking', (onProgress) =>
        shrink(model, output, { ...options, onProgress, signal: host.signal }),
      )
      const asText = (one: typeof outcome) => shrunkText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
