import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { onTestFinished } from 'vitest'
import { fileHandler } from '../../src/files/index.js'
import { smallModel } from '../support/small-models.js'

/** A new folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** All files of a folder with their contents, hidden ones included. */
export function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )
}

/** The `model.json` of a folder. */
export function modelJsonIn(folder: string): io.ModelJSON {
  return JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
}

/** A folder with the small model, written by the handler. */
export async function savedFolder(): Promise<string> {
  const folder = temporaryFolder()
  await smallModel().save(fileHandler(folder))
  return folder
}

/**
 * Fields that replace those of a `model.json`, of its first group of weights and of the first
 * weight there.
 */
export interface Edits {
  readonly json?: object
  readonly group?: object
  readonly weight?: object
}

/** Rewrites the `model.json` of a folder. */
export function edit(folder: string, { json, group, weight }: Edits): void {
  const model = modelJsonIn(folder)
  Object.assign(model.weightsManifest[0]!.weights[0]!, weight)
  Object.assign(model.weightsManifest[0]!, group)
  writeFileSync(join(folder, 'model.json'), JSON.stringify(Object.assign(model, json)))
}
