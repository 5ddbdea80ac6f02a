// The study as a command: npm run study -- --help
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Command } from 'commander'
import { inProcess } from 'tfjs-prune/sweep'
import { rowsFile } from './rows.js'
import { sets } from './sets/sets.js'
import { study } from './study.js'
import { systems } from './systems/systems.js'

interface Flags {
  readonly network: string
  readonly seeds: string
  readonly systems?: string
}

const version = JSON.parse(readFileSync('package.json', 'utf8')).version as string
const commit = () => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

const command = new Command('study')
  .description('prune with each system on a set of images, level by level, and compare the misses')
  .argument(
    '<set>',
    `${Object.keys(sets).join(', ')}, or a folder: with a meta.json, or with two folders of pictures, one of them named positive`,
  )
  .option('--network <name>', 'cnn, alexNet or mobileNet', 'cnn')
  .option('--seeds <number>', 'seeds that are reported', '10')
  .option('--systems <names>', 'systems to run, with semicolons between', undefined)
  .action(async (set: string, { network, seeds, systems: wanted }: Flags) => {
    const isOwn = !Object.hasOwn(sets, set)
    if (isOwn && !existsSync(set))
      throw new Error(`Cannot run the study: there is no folder ${set}`)
    const place = isOwn ? resolve(set) : set
    const folder = join('.cache/study', `${basename(place)}-${network}`)
    await study({
      ...{ set: place, network, seeds: Number(seeds) },
      systems: wanted ? wanted.split(';') : Object.keys(systems),
      runner: inProcess(),
      file: isOwn ? join(folder, 'rows.jsonl') : rowsFile(set, network),
      store: join(folder, 'jobs'),
      marks: { version, commit: commit() },
      onEvent: (event) => {
        if (event.type === 'finished')
          console.log(event.key, `${event.done} of ${event.of}`, `${event.outcome.seconds} s`)
      },
    })
  })
await command.parseAsync()
