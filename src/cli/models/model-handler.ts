import { compressedHandler, fileHandler } from 'tfjs-prune/files'
import { WrongUse } from '../terminal/wrong-use.js'
import type { LoadHandler } from './load-handler.js'
import { modelPath } from './model-path.js'
import { urlHandler } from './url-handler.js'

/** Endings of files that are taken for models, and the remedies. */
const OTHERS = [
  ['.onnx', 'ONNX files are written, not read; name the model that it was made of'],
  ['.bin', 'it holds weights alone; name the model.json beside it'],
] as const

/**
 * The handler that loads a model from its place: a `model.json` or another JSON file, a folder with
 * one, a file of `saveCompressed`, or a URL of any of these files.
 */
export async function modelHandler(place: string): Promise<LoadHandler> {
  return /^https?:\/\//i.test(place) ? urlHandler(place) : handlerOfPath(place)
}

async function handlerOfPath(place: string): Promise<LoadHandler> {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(place) && !place.startsWith('file://')) {
    const wanted = 'a path, or a URL that begins with http://, https:// or file://'
    throw new WrongUse(`Cannot load the model: expected ${wanted}, got ${place}`)
  }
  const path = await modelPath(place.replace(/^file:\/\//, ''))
  const other = OTHERS.find(([ending]) => path.endsWith(ending))
  if (other) {
    const wanted = 'a model.json, a folder with one or a .tfpr file'
    throw new WrongUse(`Cannot load the model: expected ${wanted}, got ${path}: ${other[1]}`)
  }
  const { load } = path.endsWith('.json') ? fileHandler(path) : compressedHandler(path)
  return { load: load! }
}
