import { Option } from 'commander'
import { type BackendName, backendNames } from '../models/backend-names.js'
import { containerTypes, stockTypes } from '../outputs/value-types.js'
import type { Host } from '../terminal/host.js'

export const MODEL = 'model.json, folder with one, .tfpr file, or URL of one of them'
export const OUTPUT = 'file that ends in .tfpr, or folder for a model.json and its weights'
const TYPES = [...new Set<string>([...containerTypes, ...stockTypes])]

/** Options of every command. */
export interface Common {
  readonly json?: boolean
}

/** Options of commands that write. */
export interface Writing extends Common {
  readonly force?: boolean
  readonly type?: string
}

export const force = () => new Option('-f, --force', 'replace an output that is there already')
export const json = () => new Option('--json', 'print the outcome as JSON')
export const type = (standard: string) =>
  new Option('-t, --type <type>', `how each value is stored (default: ${standard})`).choices(TYPES)
export const backend = () =>
  new Option('--backend <name>', 'backend to compute on').choices(backendNames).default('auto')

export const queueUrl = (description: string) =>
  new Option('-q, --queue <url>', `${description}: redis:// or rediss://`).env('REDIS_URL')

export const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ npx tfjs-prune ${line}`).join('\n')}`

/** Prints an outcome as JSON or as text. */
export async function show<T>(
  host: Host,
  { outcome, asJson }: { readonly outcome: T; readonly asJson: boolean | undefined },
  text: (outcome: T) => string,
): Promise<void> {
  host.print(asJson ? JSON.stringify(outcome, null, 2) : text(outcome))
}

/** Starts a backend; tfjs is loaded only now. */
export async function start(name: BackendName, host: Host): Promise<void> {
  const { startBackend } = await import('../models/start-backend.js')
  await startBackend(name, host.tell)
}
