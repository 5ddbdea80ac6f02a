import { io } from '@tensorflow/tfjs-core'

/**
 * A handler that keeps what it is given, through JSON as in a file, and says how often it was
 * called.
 */
export interface Collecting extends Required<Pick<io.IOHandler, 'save' | 'load'>> {
  calls: number
  artifacts: io.ModelArtifacts
}

/** Makes a handler that saves to memory; as a handler to load, it is that of stock tfjs. */
export function collecting(): Collecting {
  const handler: Collecting = {
    calls: 0,
    artifacts: {},
    async save({ weightData, ...artifacts }) {
      handler.calls++
      handler.artifacts = { ...JSON.parse(JSON.stringify(artifacts)), weightData }
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(handler.artifacts) }
    },
    load: () => io.fromMemory(handler.artifacts).load!(),
  }
  return handler
}
