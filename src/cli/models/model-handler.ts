import { io } from '@tensorflow/tfjs-core'
import { compressedHandler, fileHandler } from 'tfjs-prune/files'
import { WrongUse } from '../terminal/wrong-use.js'
import { modelPath } from './model-path.js'

/** Endings of files that are taken for models, and the remedies. */
const OTHERS = [
  ['.onnx', 'ONNX files are written, not read; name the model that it was made of'],
  ['.bin', 'it holds weights alone; name the model.json beside it'],
] as const

type LoadHandler = Required<Pick<io.IOHandler, 'load'>>

/**
 * The handler that loads a model from its place: a `model.json` or another JSON file, a folder with
 * one, a file of `saveCompressed`, or a URL of any of these files.
 */
export async function modelHandler(place: string): Promise<LoadHandler> {
  return /^https?:\/\//i.test(place) ? inOneBuffer(handlerOfUrl(place)) : handlerOfPath(place)
}

function handlerOfUrl(place: string): io.IOHandler {
  const { pathname } = new URL(place)
  if (pathname.endsWith('.json')) return io.http(place)
  if (pathname.endsWith('/')) return io.http(new URL('model.json', place).href)
  return compressedHandler(place)
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

/**
 * A handler that joins the files of weights: tfjs cuts zeros out of a last one that is longer than
 * the others.
 */
function inOneBuffer(handler: io.IOHandler): LoadHandler {
  const load = async () => {
    const artifacts = await handler.load!()
    const { weightData = [] } = artifacts
    return { ...artifacts, weightData: await new Blob([weightData].flat()).arrayBuffer() }
  }
  return { load }
}
