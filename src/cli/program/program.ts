import { Command } from 'commander'
import type { Host } from '../terminal/host.js'
import { addCompress } from './compress-command.js'
import { addInspect } from './inspect-command.js'
import { addOnnx } from './onnx-command.js'
import { addPrune } from './prune-command.js'
import { addReport } from './report-command.js'
import { addShrink } from './shrink-command.js'
import { addSweep } from './sweep-command.js'
import { addWasm } from './wasm-command.js'
import { addWorker } from './worker-command.js'

const NOTES = `
Exit codes: 0 done, 1 the task failed, 2 wrong use, 130 stopped by Ctrl+C.
Results go to standard output, remarks and errors to standard error. NO_COLOR is honoured.`

/** The commands with their options; commands load the library only when they run. */
export function program(version: string, host: Host): Command {
  const root = new Command('tfjs-prune')
    .description('Makes TensorFlow.js models smaller, and takes them to other runtimes.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.print(text.trimEnd()),
      writeErr: (text) => host.tell(text.trimEnd()),
      getOutHasColors: () => host.hasColours,
    })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', NOTES)
  addInspect(root, host)
  addCompress(root, host)
  addPrune(root, host)
  addShrink(root, host)
  addOnnx(root, host)
  addWasm(root, host)
  addReport(root, host)
  addSweep(root, host)
  addWorker(root, host)
  return root
}
