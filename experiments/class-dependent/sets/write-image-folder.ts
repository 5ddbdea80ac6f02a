import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Images } from './images.js'

/** Writes images without a split in the form that `readImageFolder` reads. */
export function writeImageFolder(folder: string, { shape, pixels, labels }: Images): void {
  mkdirSync(folder, { recursive: true })
  const splits = { all: { count: labels.length } }
  writeFileSync(join(folder, 'all-images.bin'), pixels)
  writeFileSync(join(folder, 'all-labels.bin'), labels)
  writeFileSync(join(folder, 'meta.json'), JSON.stringify({ dtype: 'uint8', shape, splits }))
}
