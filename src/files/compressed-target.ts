import type { io } from '@tensorflow/tfjs-core'
import type { PackedModel } from './container/pack-model.js'
import { fileSystem } from './disk/file-system.js'
import { isPath, pathOf } from './disk/path-of.js'
import { saveFile } from './disk/save-file.js'
import { savingHandler } from './disk/save-handler.js'

/** Where a container goes: a path or URL, a tfjs handler, or a function that gets the bytes. */
export type CompressedTarget =
  | io.IOHandler
  | string
  | URL
  | ((bytes: Uint8Array<ArrayBuffer>) => unknown)

/** Puts a container in its place. */
export type ContainerSaver = (packed: PackedModel) => Promise<io.SaveResult>

/** The way to a target. Throws where it is none, and for a path where there are no files. */
export function saverOf(
  handler: CompressedTarget,
  { task, signal }: { task: string; signal: AbortSignal | undefined },
): ContainerSaver {
  if (typeof handler === 'function') return writer((bytes) => handler(bytes))
  if ((typeof handler === 'string' || handler instanceof URL) && isPath(handler)) {
    const path = pathOf(handler, task)
    if (path === '') throw new RangeError(`Cannot ${task}: expected a path, got '${handler}'`)
    fileSystem(task)
    return writer((bytes) => saveFile({ path, bytes }, { task, signal }))
  }
  const inner = savingHandler(handler, { task })
  return async (packed) => inner.save(carrying(packed))
}

/** Writes the container, waits for that, and tells the sizes. */
function writer(write: (bytes: Uint8Array<ArrayBuffer>) => unknown): ContainerSaver {
  return async ({ bytes, parts }) => {
    await write(bytes)
    const text = JSON.stringify(parts.modelTopology)
    const sizes = {
      modelTopologyBytes: new TextEncoder().encode(text).length,
      weightDataBytes: bytes.length,
    }
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', ...sizes } }
  }
}

/**
 * Artifacts with a container as their weight data. Their topology tells a reader who does not know
 * it how to load it.
 */
function carrying({ bytes, parts }: PackedModel): io.ModelArtifacts {
  const { modelTopology: _, userDefinedMetadata: __, ...origin } = parts
  const modelTopology = {
    class_name: 'tfjs-prune container: load it with compressedHandler',
    config: {},
  }
  const weightSpecs = [{ name: 'container', shape: [bytes.length], dtype: 'bool' as const }]
  return { ...origin, modelTopology, weightSpecs, weightData: bytes.buffer }
}
