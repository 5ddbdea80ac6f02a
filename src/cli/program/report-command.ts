import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { examples, force, json, show, type Writing } from './options.js'

/** Adds `report`. */
export function addReport(root: Command, host: Host): void {
  root
    .command('report')
    .description('write the report of a stored run as one HTML file')
    .argument('<run>', 'folder of folderStore, or file of saveRounds')
    .argument('<output>', 'HTML file')
    .option('--title <text>', 'heading of the page')
    .addOption(force())
    .addOption(json())
    .addHelpText('after', examples('report run/ report.html --title "Cracks in bridges"'))
    .action(async (run: string, output: string, options: Writing & { readonly title?: string }) => {
      const { report } = await import('../commands/report.js')
      const { reportedText } = await import('../printers/outcome-texts.js')
      const outcome = await report(run, output, { ...options, signal: host.signal })
      const asText = (one: typeof outcome) => reportedText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
