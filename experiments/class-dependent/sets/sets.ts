import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { eights } from './eights.js'
import { readImageFolder } from './image-folder.js'
import { type ImageSet, type ImageSetOptions, imageSet } from './image-set.js'
import { shirts } from './shirts.js'

/** The contents of a folder of one's own, in words. */
export const FOLDER_FORMAT =
  'with a meta.json, or with two folders of pictures, one a class (--positive names one of them)'

const fromData = (folder: string, options?: ImageSetOptions) => (): ImageSet => {
  const path = join(process.env.DATA_DIR ?? '', folder)
  if (!process.env.DATA_DIR || !existsSync(path))
    throw new Error(
      `Cannot open the set: expected the folder ${folder} in DATA_DIR, got none; the set does not come with the package, and experiments/class-dependent/README.md tells its source; eights needs no folder`,
    )
  return imageSet(readImageFolder(path), options)
}

/** The sets of the study by their names. */
export const sets: Readonly<Record<string, () => ImageSet>> = {
  xrays: fromData('pneumonia-1to5'),
  melanoma: fromData('melanoma'),
  eights,
  crack: fromData('crack', { negativesPerPositive: 5 }),
  shirts,
  bridge: fromData('bridge-crack'),
}

/** Opens a set of the study, or a folder with a `meta.json` by its path. */
export function openSet(nameOrPath: string): ImageSet {
  const known = Object.hasOwn(sets, nameOrPath) && sets[nameOrPath]
  if (known) return known()
  if (existsSync(nameOrPath)) return imageSet(readImageFolder(nameOrPath))
  const names = Object.keys(sets).join(', ')
  throw new RangeError(
    `Cannot open the set: expected one of ${names}, or a folder ${FOLDER_FORMAT}, got ${nameOrPath}`,
  )
}
