import type { io } from '@tensorflow/tfjs-core'

/** A handler that loads. */
export type LoadHandler = Required<Pick<io.IOHandler, 'load'>>
