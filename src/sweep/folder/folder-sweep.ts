import { fileSystem } from '../../files/disk/file-system.js'
import { makeFolder } from '../../files/disk/make-folder.js'
import { isPath, pathOf } from '../../files/disk/path-of.js'
import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'
import { thenClose } from '../../internal/then-close.js'
import { lockFile, sweepLocks } from '../../runs/lock-file.js'
import type { OpenedSweep, SweepFacts, SweepStore } from '../sweep-store.js'
import { openLines } from './json-lines.js'
import { readOutcomes } from './read-outcomes.js'
import { checkSweepFile, readSweepFile } from './sweep-file.js'

const task = 'sweep'

/**
 * Keeps outcomes in a folder, in Node, as JSON lines: a sweep that was ended, by an error, by Ctrl+C
 * or by `kill -9` at any moment, goes on where it was when it is started again.
 *
 * `rows.jsonl` holds one finished job a line, which is flushed to the disk. A last line without its
 * end, of a process that was killed while it wrote, is cut off. `sweep.json` holds the names of the
 * knobs. The file `lock` names the process that drives; that of a process which has ended is taken
 * over.
 *
 * @param path The folder; `file://` may be in front. It is made if there is none.
 * @returns A store for {@link sweep}, which also takes the path itself.
 * @throws {TypeError | RangeError} If the path is no text or URL, empty or a URL of another scheme.
 *
 * @example
 * ```ts
 * import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { folderSweep, grid, sweep } from 'tfjs-prune/sweep'
 *
 * const folder = mkdtempSync(join(tmpdir(), 'sweep-'))
 * const module = ({ seed }: { seed: number }) => ({ square: seed * seed })
 * await sweep(grid({ seed: [1, 2] }), { module, store: folderSweep(folder) })
 * const lines = readFileSync(join(folder, 'rows.jsonl'), 'utf8').trimEnd().split('\n')
 * if (JSON.parse(lines[1]!).rows[0].square !== 4) throw new Error('a line a job')
 * rmSync(folder, { recursive: true })
 * ```
 */
export function folderSweep(path: string | URL): SweepStore {
  const refuse = (got: string) => `Cannot ${task}: expected a path of a folder, got ${got}`
  if (typeof path !== 'string' && !(path instanceof URL))
    throw optionError(new TypeError(refuse(describe(path))))
  if (!isPath(path)) throw optionError(new RangeError(refuse(String(path))))
  const folder = pathOf(path, task)
  if (folder === '') throw optionError(new RangeError(refuse("''")))
  return {
    name: folder,
    open: (facts) => open(folder, facts),
    read: async () => {
      await readSweepFile(folder, 'read the sweep')
      return (await readOutcomes(pathIn(folder, 'rows.jsonl'), 'read the sweep')).outcomes
    },
  }
}

const pathIn = (folder: string, name: string) => fileSystem(task).paths.join(folder, name)

async function open(folder: string, facts: SweepFacts): Promise<OpenedSweep> {
  await makeFolder(folder, task)
  const lock = pathIn(folder, 'lock')
  const release = await lockFile(lock, task)
  try {
    await sweepLocks(lock, task)
    await checkSweepFile(folder, { facts, task })
    const rows = pathIn(folder, 'rows.jsonl')
    const { outcomes, bytes } = await readOutcomes(rows, task)
    const lines = await openLines(rows, { bytes, task })
    return {
      finished: outcomes,
      save: (outcome) => lines.append(JSON.stringify(outcome)),
      close: () => thenClose(() => lines.close(), release),
    }
  } catch (error) {
    return thenClose(() => Promise.reject(error), release)
  }
}
