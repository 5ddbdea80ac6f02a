import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { onTestFinished } from 'vitest'

/** A new folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** All files of a folder with their contents, hidden ones included. */
export function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
}

/** The `model.json` of a folder. */
export function modelJsonIn(folder: string): io.ModelJSON {
  return JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
}
