import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Images } from './images.js'

/** The parts that a folder has: one of all images, or a split that is given. */
export type FolderParts = { readonly all: Images } | Record<'train' | 'val' | 'test', Images>

interface Meta {
  readonly dtype: string
  readonly shape: Images['shape']
  readonly splits: Readonly<Record<string, { readonly count: number }>>
}

/**
 * Reads a folder of images: `meta.json` with dtype, shape and splits; for each split a file of the
 * images, `<split>-images.bin`, and one of the labels, `<split>-labels.bin`, a byte each, 1 =
 * positive. The splits are `all`, or `train`, `val` and `test`.
 */
export function readImageFolder(folder: string): FolderParts {
  const { dtype, shape, splits } = readMeta(folder)
  if (dtype !== 'uint8' || shape?.length !== 3)
    throw new RangeError(
      `Cannot read ${folder}: expected images of uint8 with three dimensions, got ${dtype} of ${shape}`,
    )
  const read = (split: string): Images => {
    const count = splits[split]!.count
    const pixels = readBytes(folder, `${split}-images.bin`, count * shape[0] * shape[1] * shape[2])
    const labels = readBytes(folder, `${split}-labels.bin`, count)
    const wrong = labels.find((label) => label > 1)
    if (wrong !== undefined)
      throw new RangeError(`Cannot read ${folder}: expected labels 0 and 1, got ${wrong}`)
    return { shape, pixels, labels }
  }
  if ('all' in splits) return { all: read('all') }
  const missing = ['train', 'val', 'test'].filter((split) => !(split in splits))
  if (missing.length > 0)
    throw new RangeError(
      `Cannot read ${folder}: expected the split all, or train, val and test, got none of ${missing}`,
    )
  return { train: read('train'), val: read('val'), test: read('test') }
}

function readMeta(folder: string): Meta {
  const path = join(folder, 'meta.json')
  if (!existsSync(path))
    throw new RangeError(`Cannot read ${folder}: expected a meta.json, got none`)
  return JSON.parse(readFileSync(path, 'utf8'))
}

function readBytes(folder: string, file: string, expected: number): Uint8Array {
  const bytes = new Uint8Array(readFileSync(join(folder, file)))
  if (bytes.length !== expected)
    throw new RangeError(
      `Cannot read ${file} of ${folder}: expected ${expected} bytes, got ${bytes.length}`,
    )
  return bytes
}
