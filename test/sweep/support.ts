/** Folders and processes of the tests of sweeps. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The path of a module of jobs. */
export const jobsIn = (name: string): string =>
  fileURLToPath(new URL(`./jobs/${name}.ts`, import.meta.url))

/** Flags for processes that import TypeScript. */
export const execArgv = ['--import', 'tsx']

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-sweep-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Whether a process is there, and not one that has ended and that nobody has asked about. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isLinux || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

const isLinux = existsSync('/proc/self/stat')

/** Waits until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}
