import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fingerprintOf } from './fingerprint.js'
import { type FolderParts, readImageFolder } from './image-folder.js'
import { type PictureFoldersOptions, readPictureFolders } from './picture-folders.js'
import { FOLDER_FORMAT, sets } from './sets.js'
import { writeImageFolder } from './write-image-folder.js'

/** Options of {@link ownSet}. */
export interface OwnSetOptions extends PictureFoldersOptions {
  /** The folder that holds the folders of studies. */
  readonly root: string
  readonly network: string
}

/** A set of one's own, made ready. */
export interface OwnSet {
  /** The folder of its study. */
  readonly folder: string
  /** The path of its images in there, which ends with the name of the given folder. */
  readonly set: string
}

/**
 * Copies a folder of images or of pictures to the folder of its study. The name of that folder
 * holds a fingerprint of the images and labels, so that rows are never those of other images.
 */
export async function ownSet(
  given: string,
  { root, network, ...pictures }: OwnSetOptions,
): Promise<OwnSet> {
  if (!existsSync(given)) {
    const names = Object.keys(sets).join(', ')
    throw new RangeError(
      `Cannot run the study: expected one of ${names}, or a folder ${FOLDER_FORMAT}, got ${given}`,
    )
  }
  const parts: FolderParts = existsSync(join(given, 'meta.json'))
    ? readImageFolder(given)
    : { all: await readPictureFolders(given, pictures) }
  const name = basename(resolve(given))
  const folder = join(root, `${name}-${fingerprintOf({ ...parts })}-${network}`)
  const set = join(folder, 'images', name)
  if (!existsSync(join(set, 'meta.json'))) writeImageFolder(set, parts)
  return { folder, set }
}
