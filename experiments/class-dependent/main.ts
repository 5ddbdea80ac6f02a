// The study as a command: npm run study -- --help
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { inProcess, processes, queue, type Runner } from 'tfjs-prune/sweep'
import { networks } from './networks/networks.js'
import { writeReport } from './report/write-report.js'
import { rowsFile } from './rows.js'
import { readPictureFolders } from './sets/picture-folders.js'
import { sets } from './sets/sets.js'
import { writeImageFolder } from './sets/write-image-folder.js'
import { study } from './study.js'
import { systems } from './systems/systems.js'

interface Flags {
  readonly network: string
  readonly seeds: number
  readonly steps: number
  readonly systems: readonly string[]
  readonly workers: number
  readonly queue?: string
  readonly positive: string
  readonly side: number
}

const wholeNumber = (text: string) => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('Expected a whole number of at least 1.')
}

const amongSystems = (text: string) => {
  const names = text.split(';').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(systems, name))
  if (unknown === undefined) return names
  throw new InvalidArgumentError(
    `Expected systems among ${Object.keys(systems).join('; ')}, got ${unknown}.`,
  )
}

const amongNetworks = (text: string) => {
  if (Object.hasOwn(networks, text)) return text
  throw new InvalidArgumentError(`Expected one of ${Object.keys(networks).join(', ')}.`)
}

const version = JSON.parse(readFileSync('package.json', 'utf8')).version as string

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

function runnerOf({ queue: connection, workers }: Flags): Runner {
  if (connection !== undefined) return queue({ connection, name: 'class-dependent-study' })
  return workers > 1 ? processes({ workers }) : inProcess()
}

/** A folder with a `meta.json`: the one that is given, or one that is made of its pictures. */
async function preparedFolder(given: string, folder: string, flags: Flags): Promise<string> {
  if (!existsSync(given)) throw new Error(`Cannot run the study: there is no folder ${given}`)
  if (existsSync(join(given, 'meta.json'))) return resolve(given)
  const images = join(folder, 'images')
  writeImageFolder(images, await readPictureFolders(given, flags))
  return resolve(images)
}

async function run(set: string, flags: Flags): Promise<void> {
  const { network, seeds, steps, systems } = flags
  const isOwn = !Object.hasOwn(sets, set)
  const folder = join('.cache/study', `${basename(resolve(set))}-${network}`)
  mkdirSync(folder, { recursive: true })
  const rows = await study({
    ...{ network, seeds, steps, systems, runner: runnerOf(flags) },
    set: isOwn ? await preparedFolder(set, folder, flags) : set,
    file: isOwn ? join(folder, 'rows.jsonl') : rowsFile(set, network),
    store: join(folder, 'jobs'),
    marks: { version, commit: commitOf() },
    onEvent: (event) => {
      if (event.type !== 'finished') return
      const { key, done, of, outcome } = event
      console.log(`${done} of ${of}`, key, outcome.error?.message ?? `${outcome.seconds} s`)
    },
  })
  console.log(writeReport(folder, rows))
}

await new Command('study')
  .description('prune with each system on a set of images, level by level, and compare the misses')
  .argument(
    '<set>',
    `${Object.keys(sets).join(', ')}, or a folder: with a meta.json, or with two folders of pictures`,
  )
  .option('--network <name>', 'network to prune', amongNetworks, 'cnn')
  .option('--seeds <number>', 'seeds that are reported', wholeNumber, 10)
  .option('--steps <number>', 'steps of the shorter training', wholeNumber, 400)
  .option('--systems <names>', 'systems, a semicolon between', amongSystems, Object.keys(systems))
  .option('--workers <number>', 'processes to run jobs in', wholeNumber, 1)
  .option('--queue <url>', 'Redis whose workers run the jobs')
  .option('--positive <name>', 'folder of pictures of the class not to be missed', 'positive')
  .option('--side <pixels>', 'pixels of a side of pictures', wholeNumber, 64)
  .action(run)
  .parseAsync()
