// The study as a command: npm run study -- --help
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { inProcess, processes, queue, type Runner } from 'tfjs-prune/sweep'
import { networks } from './networks/networks.js'
import { partCounts, saveFacts } from './report/study-facts.js'
import { writeReport } from './report/write-report.js'
import { rowsFile } from './rows.js'
import { ownSet } from './sets/own-set.js'
import { openSet, sets } from './sets/sets.js'
import { study } from './study.js'
import { progressLine } from './study-events.js'
import { systems } from './systems/systems.js'

const ROOT = '.cache/study'

interface Flags {
  readonly network: string
  readonly seeds: number
  readonly steps: number
  readonly systems: readonly string[]
  readonly workers: number
  readonly queue?: string
  readonly positive: string
  readonly side: number
  readonly folder: string
}

const wholeNumber = (text: string) => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError('Expected a whole number of at least 1.')
}

/** Seeds above 100 are those of tuning. */
const seedCount = (text: string) => {
  const value = wholeNumber(text)
  if (value <= 100) return value
  throw new InvalidArgumentError('Expected at most 100: tuning has the seeds above.')
}

const amongSystems = (text: string) => {
  const names = text.split(';').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(systems, name))
  if (unknown === undefined) return [...new Set(names)]
  throw new InvalidArgumentError(
    `Expected systems among ${Object.keys(systems).join('; ')}, got ${unknown}.`,
  )
}

const amongNetworks = (text: string) => {
  if (Object.hasOwn(networks, text)) return text
  throw new InvalidArgumentError(`Expected one of ${Object.keys(networks).join(', ')}.`)
}

const version = JSON.parse(readFileSync('package.json', 'utf8')).version as string

/** The commit of the code, and whether files of it were changed since. */
function commitOf(): string {
  const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trim()
  try {
    const changed = git(
      'status',
      '--porcelain',
      'src',
      'experiments',
      ':(exclude,glob)**/results/**',
    )
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : ' changed'}`
  } catch {
    return 'unknown'
  }
}

function runnerOf({ queue: connection, workers }: Flags): Runner {
  if (connection !== undefined) return queue({ connection, name: 'class-dependent-study' })
  return workers > 1 ? processes({ workers }) : inProcess()
}

/**
 * The command as it was given, with quotes around words that need them. Reports are sent around: a
 * password in an address stays out.
 */
const commandLine = () =>
  ['npm run study --', ...process.argv.slice(2)]
    .map((word) => word.replace(/(rediss?:\/\/).*@/, '$1***@'))
    .map((word, i) => (i === 0 || /^[\w./:-]+$/.test(word) ? word : `'${word}'`))
    .join(' ')

/** The folder, the set, the file of rows and the positive class of a study. */
async function placesOf(given: string, flags: Flags) {
  const { network, folder: root, positive, side } = flags
  if (Object.hasOwn(sets, given)) {
    const folder = join(root, `${given}-${network}`)
    const own = join(folder, 'rows.jsonl')
    const file = root === ROOT ? rowsFile(given, network) : own
    return { folder, set: given, file, positive: 'label 1 of the set' }
  }
  const { folder, set } = await ownSet(given, { root, network, positive, side })
  const isPictures = !existsSync(join(given, 'meta.json'))
  return {
    ...{ folder, set, file: join(folder, 'rows.jsonl') },
    positive: isPictures ? `the folder ${positive}` : 'label 1 of the folder',
  }
}

async function run(given: string, flags: Flags): Promise<void> {
  const { network, seeds, steps, systems } = flags
  const { folder, set, file, positive } = await placesOf(given, flags)
  mkdirSync(folder, { recursive: true })
  const rows = await study({
    ...{ set, network, seeds, steps, systems, file, runner: runnerOf(flags) },
    store: join(folder, 'jobs'),
    marks: { version, commit: commitOf() },
    onJobEnded: (ended) => console.log(progressLine(ended)),
  })
  const images = openSet(set)
  saveFacts(folder, {
    ...{ command: commandLine(), shape: images.shape, positive, steps, seeds, systems },
    parts: partCounts(images),
  })
  console.log(writeReport(folder, rows))
}

const command = new Command('study')
  .description('prune with each system on a set of images, level by level, and compare the misses')
  .argument(
    '<set>',
    `${Object.keys(sets).join(', ')}, or a folder: with a meta.json, or with two folders of pictures`,
  )
  .option('--network <name>', 'network to prune', amongNetworks, 'cnn')
  .option('--seeds <number>', 'seeds that are reported', seedCount, 10)
  .option('--steps <number>', 'steps of the shorter training', wholeNumber, 400)
  .option('--systems <names>', 'systems, a semicolon between', amongSystems, Object.keys(systems))
  .option('--workers <number>', 'processes to run jobs in', wholeNumber, 1)
  .option('--queue <url>', 'Redis whose workers run the jobs')
  .option('--positive <name>', 'folder of pictures of the class not to be missed', 'positive')
  .option('--side <pixels>', 'pixels of a side of pictures', wholeNumber, 64)
  .option('--folder <path>', 'folder that studies and their rows are kept in', ROOT)
  .action(run)

try {
  await command.parseAsync()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
