import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Images } from './images.js'

/** Options of {@link readPictureFolders}. */
export interface PictureFoldersOptions {
  /** The subfolder of the class that must not be missed. @default 'positive' */
  readonly positive?: string
  /** Pixels of a side. @default 64 */
  readonly side?: number
}

const PICTURE = /\.(png|jpe?g|webp|gif|tiff?|avif)$/i

/** The subfolders of a folder. */
export const subfolders = (folder: string) =>
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort()

/**
 * Reads a folder with two subfolders of pictures, one a class. Each picture is turned upright, cut
 * to its middle square, and made small; transparent parts become white.
 */
export async function readPictureFolders(
  folder: string,
  { positive = 'positive', side = 64 }: PictureFoldersOptions = {},
): Promise<Images> {
  const classes = subfolders(folder)
  if (classes.length !== 2 || !classes.includes(positive)) {
    const remedy =
      classes.length === 2 ? `: give --positive ${classes.join(' or --positive ')}` : ''
    throw new RangeError(
      `Cannot read ${folder}: expected two folders of pictures, one named ${positive}, got ${classes.join(', ') || 'none'}${remedy}`,
    )
  }
  const pictures = classes.flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => PICTURE.test(file))
      .sort()
      .map((file) => ({ path: join(folder, name, file), label: Number(name === positive) })),
  )
  const empty = [0, 1].find((label) => !pictures.some((picture) => picture.label === label))
  if (empty !== undefined)
    throw new RangeError(`Cannot read ${folder}: expected pictures in both folders, got one empty`)
  const shape = [side, side, 3] as const
  const pixels = new Uint8Array(pictures.length * side * side * 3)
  for (const [i, { path }] of pictures.entries())
    pixels.set(await pixelsOf(path, side), i * side * side * 3)
  return { shape, pixels, labels: Uint8Array.from(pictures, ({ label }) => label) }
}

async function pixelsOf(path: string, side: number): Promise<Uint8Array> {
  try {
    const whole = sharp(path).rotate().flatten({ background: 'white' }).toColourspace('srgb')
    return await whole.resize(side, side, { fit: 'cover' }).removeAlpha().raw().toBuffer()
  } catch (error) {
    throw new Error(`Cannot read ${path}: expected a picture, got ${(error as Error).message}`)
  }
}
