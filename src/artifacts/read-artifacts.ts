import { io } from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'
import { type ArtifactSource, isArtifacts, isGraphModel, isLoadHandler } from './model-source.js'
import { safeBuffers } from './safe-buffers.js'

/** Artifacts that list their weights and hold them. */
export type WholeArtifacts = io.ModelArtifacts &
  Required<Pick<io.ModelArtifacts, 'weightSpecs' | 'weightData'>>

/**
 * The artifacts of a source: those that a GraphModel was loaded from, or that a handler loads.
 * Throws a TypeError where there are no weights.
 */
export async function readArtifacts(source: ArtifactSource, task: string): Promise<WholeArtifacts> {
  const artifacts = await artifactsOf(source)
  if (!isArtifacts(artifacts)) {
    const got = isGraphModel(source) ? 'a GraphModel that is not loaded: await its load()' : 'none'
    throw new TypeError(`Cannot ${task}: expected artifacts with weightSpecs, got ${got}`)
  }
  const { weightSpecs = [], weightData, getWeightStream } = artifacts
  const data = weightData ?? (getWeightStream && (await joinedStream(getWeightStream())))
  if (data === undefined) {
    const got = describe(data)
    throw new TypeError(`Cannot ${task}: expected artifacts with weightData, got ${got}`)
  }
  const safe = Array.isArray(data) ? safeBuffers(data) : data
  return { ...artifacts, weightSpecs, weightData: safe }
}

async function artifactsOf(source: ArtifactSource): Promise<io.ModelArtifacts | undefined> {
  if (isLoadHandler(source)) return source.load()
  if (!isGraphModel(source)) return source as io.ModelArtifacts
  let handed: io.ModelArtifacts | undefined
  await source.save(
    io.withSaveHandler(async (artifacts) => {
      handed = artifacts
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  return handed
}

async function joinedStream(stream: ReadableStream<ArrayBuffer>): Promise<ArrayBuffer[]> {
  const reader = stream.getReader()
  const chunks: ArrayBuffer[] = []
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    // Declared as buffers; those of tfjs itself are views of bytes.
    chunks.push(new Uint8Array(next.value).slice().buffer)
  }
  return chunks
}
