import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { withProgress } from '../terminal/progress-bar.js'
import { examples, force, json, MODEL, OUTPUT, show, start, type, type Writing } from './options.js'

/** Adds `compress`. */
export function addCompress(root: Command, host: Host): void {
  root
    .command('compress')
    .description('save in fewer bytes')
    .argument('<model>', MODEL)
    .argument('<output>', OUTPUT)
    .addOption(type('float32 for a .tfpr file, which loses nothing, uint8 for a folder'))
    .addOption(force())
    .addOption(json())
    .addHelpText(
      'after',
      examples('compress model/ model.tfpr', 'compress model/ small.tfpr --type int8'),
    )
    .action(async (model: string, output: string, options: Writing) => {
      const { compress } = await import('../commands/compress.js')
      const { compressedText } = await import('../printers/outcome-texts.js')
      await start('cpu', host)
      const outcome = await withProgress(host, 'compressing', (onProgress) =>
        compress(model, output, { ...options, onProgress, signal: host.signal }),
      )
      const asText = (one: typeof outcome) => compressedText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
