import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { fileHandler } from 'tfjs-prune/files'
import { afterAll } from 'vitest'
import { runCommandLine } from '../../src/cli/run-command-line.js'

/** A folder that is removed after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Saves a small convolutional network as files of stock tfjs. */
export async function saveNetwork(folder: string): Promise<void> {
  const kernelInitializer = initializers.heNormal({ seed: 1 })
  const model = sequential({
    layers: [
      layers.conv2d({
        ...{ name: 'conv', filters: 8, kernelSize: 3, inputShape: [8, 8, 1] },
        kernelInitializer,
      }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'head', units: 2, kernelInitializer }),
    ],
  })
  await model.save(fileHandler(folder))
  model.dispose()
}

/** The outcome of a call of the command line. */
export interface Called {
  readonly code: number
  /** Standard output. */
  readonly printed: string
  /** Standard error. */
  readonly told: string
}

/** Calls the command line in this process. */
export async function call(...words: readonly string[]): Promise<Called> {
  const [printed, told]: [string[], string[]] = [[], []]
  const code = await runCommandLine(words, {
    print: (text) => void printed.push(text),
    tell: (text) => void told.push(text),
    hasColours: false,
    terminal: undefined,
    signal: new AbortController().signal,
  })
  return { code, printed: printed.join('\n'), told: told.join('\n') }
}
