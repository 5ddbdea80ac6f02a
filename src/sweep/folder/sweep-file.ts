import { fileError, fileSystem } from '../../files/disk/file-system.js'
import { writeAtomically } from '../../files/disk/write-atomically.js'
import { nodeBuiltin } from '../../internal/node-builtin.js'
import { checkFacts, isEmpty } from '../check-facts.js'
import type { SweepFacts } from '../sweep-store.js'

interface ReadText {
  readFile(path: string, encoding: 'utf8'): Promise<string>
}

/** The facts of the sweep of a folder. Throws where there is no sweep. */
export async function readSweepFile(folder: string, task: string): Promise<SweepFacts> {
  const path = fileSystem(task).paths.join(folder, 'sweep.json')
  const files = nodeBuiltin<{ promises: ReadText }>('node:fs')!.promises
  try {
    const facts = JSON.parse(await files.readFile(path, 'utf8')) as Partial<SweepFacts> | null
    if (!Array.isArray(facts?.knobs)) throw new TypeError('JSON without knobs')
    return facts as SweepFacts
  } catch (error) {
    throw fileError(error, task, `the facts of a sweep in ${path}`)
  }
}

/** Throws where a folder holds a sweep with other knobs; writes the facts of a new one. */
export async function checkSweepFile(
  folder: string,
  { facts, task }: { readonly facts: SweepFacts; readonly task: string },
): Promise<void> {
  const { files, paths } = fileSystem(task)
  const names = await files.readdir(folder)
  if (names.includes('sweep.json') || names.includes('rows.jsonl')) {
    const found = await readSweepFile(folder, task)
    checkFacts(found, { wanted: facts, store: folder })
    if (!isEmpty(found) || isEmpty(facts)) return
  }
  const bytes = new TextEncoder().encode(`${JSON.stringify(facts, null, 2)}\n`)
  await writeAtomically([{ path: paths.join(folder, 'sweep.json'), bytes }], {
    task,
    keep: () => true,
  })
}
