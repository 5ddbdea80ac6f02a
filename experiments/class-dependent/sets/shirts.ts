import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ImageSet } from './image-set.js'
import { rareAmong } from './rare-among.js'

/** Where Debian's package `dataset-fashion-mnist` puts its files. */
const DEBIAN = '/usr/share/datasets/fashion-mnist'
const SHIRT = 6

/** Fashion-MNIST: shirts among the other clothes, of which coats and pullovers look like them. */
export function shirts(): ImageSet {
  const folder = process.env.FASHION_MNIST ?? DEBIAN
  const bytesOf = (name: string, header: number) => {
    const path = join(folder, name)
    if (existsSync(path)) return gunzipSync(readFileSync(path)).subarray(header)
    throw new Error(
      `Cannot open the set: expected ${name} in ${folder}, got none; install Debian's package dataset-fashion-mnist, or name the folder in FASHION_MNIST`,
    )
  }
  const pixels = bytesOf('train-images-idx3-ubyte.gz', 16)
  const kinds = bytesOf('train-labels-idx1-ubyte.gz', 8)
  return rareAmong({ shape: [28, 28, 1], pixels, kinds }, SHIRT)
}
