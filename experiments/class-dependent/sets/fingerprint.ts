import { createHash } from 'node:crypto'
import type { Images } from './images.js'

/** The parts by their names; those that are left out or undefined do not count. */
export type NamedParts = Readonly<Record<string, Images | undefined>>

/**
 * 12 hexadecimal digits that hang on the name, shape, pixels and labels of each part. Sets that
 * differ in one pixel or label have others.
 */
export function fingerprintOf(parts: NamedParts): string {
  const hash = createHash('sha256')
  for (const [name, images] of Object.entries(parts)) {
    if (!images) continue
    hash.update(JSON.stringify([name, images.shape, images.labels.length]))
    hash.update(images.pixels).update(images.labels)
  }
  return hash.digest('hex').slice(0, 12)
}
