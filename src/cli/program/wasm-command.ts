import type { Command } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { type Common, examples, force, json, MODEL, show, start } from './options.js'

interface WasmFlags extends Common {
  readonly force?: boolean
}

/** Adds `wasm`. */
export function addWasm(root: Command, host: Host): void {
  root
    .command('wasm')
    .description('write a WebAssembly module that runs by itself; for models of layers')
    .argument('<model>', MODEL)
    .argument('<output>', 'WebAssembly file')
    .addOption(force())
    .addOption(json())
    .addHelpText('after', examples('wasm model/ model.wasm', 'wasm small.tfpr small.wasm'))
    .action(async (model: string, output: string, options: WasmFlags) => {
      const { wasm } = await import('../commands/wasm.js')
      const { wasmText } = await import('../printers/outcome-texts.js')
      await start('cpu', host)
      const outcome = await wasm(model, output, { ...options, signal: host.signal })
      const asText = (one: typeof outcome) => wasmText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
