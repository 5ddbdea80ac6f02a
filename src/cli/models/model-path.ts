import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The file of a model: the path itself, or a JSON file of the folder that it leads to. */
export async function modelPath(path: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot load the model: expected a file or folder ${path}, got ${got}`, {
      cause,
    })
  })
  return found.isDirectory() ? join(path, await onlyModel(path)) : path
}

/** The `model.json` of a folder, or its only JSON file. */
async function onlyModel(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  if (names.includes('model.json')) return 'model.json'
  const models = names.filter((name) => name !== 'package.json')
  if (models.length === 1) return models[0]!
  const some = models.slice(0, 5).join(', ') + (models.length > 5 ? ', ...' : '')
  const got = models.length === 0 ? 'no JSON file' : `${models.length} JSON files: ${some}`
  const remedy = models.length === 0 ? '' : '; name one of them'
  throw new RangeError(
    `Cannot load the model: expected a model.json in ${folder}, got ${got}${remedy}`,
  )
}
