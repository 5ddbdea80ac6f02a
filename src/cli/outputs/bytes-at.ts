import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { modelPath } from '../models/model-path.js'

type Manifest = readonly { readonly paths: readonly string[] }[]
/** The list of weights, by itself or beside a topology. */
type StoredManifest = Manifest | { readonly weightsManifest: Manifest }

/** The bytes of a saved model: of one file, or of a `model.json` and the weights that it names. */
export async function bytesAt(place: string): Promise<number> {
  const found = await stat(place)
  if (found.isFile() && !place.endsWith('.json')) return found.size
  const file = found.isFile() ? place : join(place, 'model.json')
  const json: StoredManifest = JSON.parse(await readFile(file, 'utf8'))
  const weightsManifest = 'weightsManifest' in json ? json.weightsManifest : json
  const names = new Set(weightsManifest.flatMap(({ paths }) => paths))
  const files = [basename(file), ...names].map((name) => join(dirname(file), name))
  const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The bytes of the files of a model; undefined for one behind a URL. */
export async function bytesAtPlace(place: string): Promise<number | undefined> {
  if (/^https?:/i.test(place)) return undefined
  return bytesAt(await modelPath(place.replace(/^file:\/\//, '')))
}
