import { stat } from 'node:fs/promises'
import { WrongUse } from '../terminal/wrong-use.js'

/** Throws where an output that is to be one ONNX file is a folder, or named as one. */
export async function checkFile(output: string): Promise<void> {
  const found = await stat(output).catch(() => undefined)
  if (!found?.isDirectory() && !/[/\\]$/.test(output)) return
  throw new WrongUse(`Cannot write ${output}: expected a file such as model.onnx, got a folder`)
}
