import { type Command, Option } from 'commander'
import { coloursOf } from '../terminal/colours.js'
import type { Host } from '../terminal/host.js'
import { opsetValue } from './option-values.js'
import { type Common, examples, force, json, MODEL, show, start } from './options.js'

interface OnnxFlags extends Common {
  readonly force?: boolean
  readonly opset?: number
  readonly type?: (typeof TYPES)[number]
}

const TYPES = ['float32', 'float16', 'int8'] as const

/** Adds `onnx`. */
export function addOnnx(root: Command, host: Host): void {
  root
    .command('onnx')
    .description('write an ONNX file for other runtimes; for models of layers')
    .argument('<model>', MODEL)
    .argument('<output>', 'ONNX file')
    .addOption(
      new Option('-t, --type <type>', 'how values of kernels are stored')
        .choices(TYPES)
        .default('float32'),
    )
    .option('--opset <version>', "version of ONNX's operations, 13 to 22", opsetValue)
    .addOption(force())
    .addOption(json())
    .addHelpText('after', examples('onnx model/ model.onnx', 'onnx small.tfpr small.onnx'))
    .action(async (model: string, output: string, options: OnnxFlags) => {
      const { onnx } = await import('../commands/onnx.js')
      const { onnxText } = await import('../printers/outcome-texts.js')
      await start('cpu', host)
      const outcome = await onnx(model, output, { ...options, signal: host.signal })
      const asText = (one: typeof outcome) => onnxText(one, coloursOf(host))
      await show(host, { outcome, asJson: options.json }, asText)
    })
}
