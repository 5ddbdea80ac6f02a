import { type Command, Option } from 'commander'
import type { BackendName } from '../models/backend-names.js'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { withProgress } from '../terminal/progress-bar.js'
import { cellsValue, densityValue } from './option-values.js'
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

interface PruneFlags extends Writing {
  readonly density: number
  readonly global?: boolean
  readonly units?: boolean
  readonly cells?: number
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly backend: BackendName
}

/** Adds `prune`. */
export function addPrune(root: Command, host: Host): void {
  root
    .command('prune')
    .description('set the smallest weights to 0 at once, without training, and save the model')
    .argument('<model>', MODEL)
    .argument('<output>', OUTPUT)
    .requiredOption('-d, --density <share>', 'share of the weights that stays', densityValue)
    .addOption(new Option('--global', 'let layers lose different shares').conflicts('cells'))
    .addOption(
      new Option('--units', 'prune whole units and filters; the last layer stays whole').conflicts(
        'cells',
      ),
    )
    .option('--cells <size>', 'prune the same number in each so many weights', cellsValue)
    .option('--include <names...>', 'prune these weights alone')
    .option('--exclude <names...>', 'leave these weights whole')
    .addOption(type('float32'))
    .addOption(backend())
    .addOption(force())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'prune model/ pruned.tfpr --density 0.1 --type int8',
        'prune model/ pruned/ --density 0.5 --units && npx tfjs-prune shrink pruned/ small/',
      ),
    )
    .action(async (model: string, output: string, options: PruneFlags) => {
      const { prune } = await import('../commands/prune.js')
      const { prunedText } = await import('../printers/outcome-texts.js')
      await start(options.backend, host)
      const outcome = await withProgress(host, 'pruning', (onProgress) =>
        prune(model, output, { ...options, onProgress, signal: host.signal }),
      )
      const asText = (one: typeof outcome) => prunedText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
