import { createRequire } from 'node:module'

/** The part of onnxruntime-node that is used: it is installed by hand, so that its types are not. */
interface Runtime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: object): Promise<Session>
  }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object
}

interface Session {
  run(inputs: Readonly<Record<string, object>>): Promise<Record<string, { data: Float32Array }>>
  release(): Promise<void>
}

/** An ONNX file in onnxruntime-node. */
export interface OnnxNetwork {
  /** Channels first in, row by row out. */
  readonly predict: (input: Float32Array) => Promise<Float32Array>
  readonly release: () => Promise<void>
}

const NAME = 'onnxruntime-node'

/** onnxruntime-node, or nothing where it is not installed: it takes 300 MB. */
export async function findOnnxRuntime(): Promise<Runtime | undefined> {
  try {
    createRequire(import.meta.url).resolve(NAME)
  } catch {
    return undefined
  }
  return (await import(NAME)) as Runtime
}

/** Opens an ONNX file with all optimisations and that many threads. */
export async function openOnnx(
  runtime: Runtime,
  bytes: Uint8Array,
  { threads, shape }: { threads: number; shape: readonly number[] },
): Promise<OnnxNetwork> {
  const session = await runtime.InferenceSession.create(bytes, {
    ...{ intraOpNumThreads: threads, interOpNumThreads: 1 },
    ...{ executionMode: 'sequential', graphOptimizationLevel: 'all' },
  })
  return {
    predict: async (input) => {
      const { y } = await session.run({ x: new runtime.Tensor('float32', input, shape) })
      return y!.data
    },
    release: () => session.release(),
  }
}
