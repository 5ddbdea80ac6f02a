import { readFile } from 'node:fs/promises'
import { CommanderError } from 'commander'
import { exitCodeOf, exitCodes } from './exit-code.js'
import { program } from './program/program.js'
import { messagesOf, remedyOf } from './remedy-of.js'
import type { Host } from './terminal/host.js'

/**
 * Runs the command line.
 *
 * @param words The words of the call behind the name of the program.
 * @param host Where results and remarks go.
 * @returns The exit code: 0 done, 1 failed, 2 wrong use, 130 stopped.
 */
export async function runCommandLine(words: readonly string[], host: Host): Promise<number> {
  const commands = program(await packageVersion(), host)
  try {
    if (words.length === 0) {
      host.tell(commands.helpInformation().trimEnd())
      return exitCodes.wrongUse
    }
    await commands.parseAsync(words, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    // commander has told its own errors.
    if (!(error instanceof CommanderError)) tellError(error, host)
    return exitCodeOf(error, host.signal)
  }
}

function tellError(error: unknown, { tell }: Host): void {
  const [message, ...causes] = messagesOf(error)
  tell(`tfjs-prune: ${message}`)
  for (const cause of causes) tell(`  because: ${cause}`)
  const remedy = remedyOf(error)
  if (remedy !== undefined) tell(remedy)
}

/** The version of this package: its package.json lies two folders above, in src and in dist. */
async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
