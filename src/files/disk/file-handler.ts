import type { io } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { checkSignal } from '../../internal/check-signal.js'
import { describe } from '../../internal/describe.js'
import { loadFiles } from './load-files.js'
import { isPath, pathOf } from './path-of.js'
import { saveFiles } from './save-files.js'

/** Options of {@link fileHandler}. */
export interface FileHandlerOptions {
  /**
   * Stops saving and loading, which reject with its reason. A save that is stopped leaves the model
   * that was there before.
   */
  readonly signal?: AbortSignal
}

const task = 'use files'
const checks: OptionChecks<FileHandlerOptions> = { signal: checkSignal }

/**
 * Saves and loads models as files in plain Node, which has no `file://` handler of its own.
 *
 * `save` writes `model.json` and, beside it, one file of weights that it names: the format of stock
 * tfjs, which any web page or tfjs-node loads. The weights file is called `weights-<hash>.bin`,
 * after its contents. Thus a save never writes into a file that a `model.json` names. The new
 * weights are written first, then the new `model.json` replaces the old one in one step, then the
 * old weights are removed. If a save is interrupted, the folder still holds the old model or the
 * new one, in full. An error leaves no other new file; a process that is killed may leave a hidden
 * `.tfjs-prune-*.tmp` file, which a save into that folder an hour later removes. Old weights are
 * removed if they are called `weights.bin` or were written by this
 * handler; other files of the folder stay. Saves of one process into one folder wait for each
 * other. Saves of two processes end with one of the two models, and may leave weights of the other.
 *
 * Weights without a topology, such as those of face-api, are saved to and loaded from a list of
 * them, `<name>-weights_manifest.json`, beside `<name>-weights_manifest-<hash>.bin`.
 *
 * `load` reads the files of stock tfjs, also with several files of weights, and compares their
 * lengths before it reads them. It reads no file outside the folder of the `model.json`, be it by a
 * path or by a symbolic link, and no device or pipe. While a save replaces the model, it gives the
 * old one or the new one.
 *
 * @param path A folder, or the `model.json` in it; `file://` may be in front, as for tfjs-node, or
 *   a URL object of a file. `save` makes the folder if there is none; `load` takes a JSON file of
 *   any name. Where there are no files, in a browser say, `save` and `load` reject.
 * @param options A signal to stop.
 * @returns A handler for `model.save`, `loadLayersModel` and {@link saveQuantised}. A save replaces
 *   the model of the folder. If the old weights cannot be removed, the new model is saved all the
 *   same, and `errors` of the result tells why.
 * @throws {TypeError | RangeError} If the path is no text or URL, empty, a URL of another scheme or
 *   one with a host; from both functions, if the weights are not as long as their list says; from
 *   `save`, if the path ends in `.json` and is not `model.json`, or weights without a topology have
 *   metadata, such as a decision threshold, which a list of weights cannot hold; from `load`, if the
 *   JSON is broken, of Keras 3, above 64 MiB or nested deeper than 1,000 brackets, or names or leads
 *   to files elsewhere.
 * @throws {Error} If the file system refuses to save or load; its error is the `cause`. If a
 *   `model.json` to save over is a symbolic link, or a file to read is a device or a pipe.
 *
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { fileHandler } from 'tfjs-prune/files'
 *
 * const folder = mkdtempSync(join(tmpdir(), 'model-'))
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * await model.save(fileHandler(folder))
 * const loaded = await loadLayersModel(fileHandler(folder))
 * if (loaded.countParams() !== 10) throw new Error('the model comes back')
 * rmSync(folder, { recursive: true })
 * ```
 */
export function fileHandler(path: string | URL, options: FileHandlerOptions = {}): io.IOHandler {
  checkOptions(options, { task, checks })
  if (typeof path !== 'string' && !(path instanceof URL))
    throw new TypeError(`Cannot use files: expected a path, got ${describe(path)}`)
  if (!isPath(path))
    throw new RangeError(`Cannot use files: expected a path or a file:// URL, got ${path}`)
  const plain = pathOf(path, task)
  if (plain === '') throw new RangeError(`Cannot use files: expected a path, got '${path}'`)
  const { signal } = options
  return {
    save: (artifacts) => saveFiles(plain, artifacts, signal),
    load: () => loadFiles(plain, signal),
  }
}
