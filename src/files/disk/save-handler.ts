import { io } from '@tensorflow/tfjs-core'
import { fileHandler } from './file-handler.js'
import { fileSystem } from './file-system.js'
import { isPath } from './path-of.js'

/** A handler that can save. */
export type SavingHandler = io.IOHandler & Required<Pick<io.IOHandler, 'save'>>

/**
 * The handler that is meant: itself, or that of a URL. Paths and `file://` are files of Node,
 * written by {@link fileHandler}; other schemes are those that tfjs has a handler for, such as
 * `indexeddb://`. Throws for a path where there are no files.
 */
export function savingHandler(
  handler: io.IOHandler | string | URL,
  { task, signal }: { task: string; signal?: AbortSignal | undefined },
): SavingHandler {
  const isPlace = typeof handler === 'string' || handler instanceof URL
  const found = isPlace ? handlerOfUrl(handler, { task, signal }) : handler
  if (typeof found?.save === 'function') return found as SavingHandler
  const got =
    typeof handler === 'object' && handler !== null ? 'a handler without save' : String(handler)
  throw new TypeError(
    `Cannot ${task}: expected a path, a URL or a handler with a save function, got ${got}`,
  )
}

function handlerOfUrl(
  place: string | URL,
  { task, signal }: { task: string; signal: AbortSignal | undefined },
): io.IOHandler {
  if (isPath(place)) {
    fileSystem(task)
    return fileHandler(place, signal ? { signal } : {})
  }
  const url = String(place)
  const [handler, ...others] = io.getSaveHandlers(url)
  if (handler && others.length === 0) return handler
  const got = handler ? `${url} with ${others.length + 1}` : url
  throw new RangeError(
    `Cannot ${task}: expected a URL that tfjs has one save handler for here, got ${got}`,
  )
}
