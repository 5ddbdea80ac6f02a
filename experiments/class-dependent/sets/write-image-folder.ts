import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FolderParts } from './image-folder.js'
import type { Images } from './images.js'

/** Writes the parts of a set in the form that `readImageFolder` reads. */
export function writeImageFolder(folder: string, parts: FolderParts): void {
  mkdirSync(folder, { recursive: true })
  const entries: [string, Images][] = Object.entries(parts)
  const splits: Record<string, { readonly count: number }> = {}
  for (const [split, { pixels, labels }] of entries) {
    splits[split] = { count: labels.length }
    writeFileSync(join(folder, `${split}-images.bin`), pixels)
    writeFileSync(join(folder, `${split}-labels.bin`), labels)
  }
  const { shape } = entries[0]![1]
  writeFileSync(join(folder, 'meta.json'), JSON.stringify({ dtype: 'uint8', shape, splits }))
}
