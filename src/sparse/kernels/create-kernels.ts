import { compiledModule } from './compiled-module.js'
import { forbidden } from './host-errors.js'
import type { Kernels } from './kernels.js'
import { type Exports, kernelsOf } from './kernels-of.js'
import type { Memory } from './memory.js'

/** Options of {@link createKernels}. */
export interface KernelOptions {
  /**
   * Multiplies and adds in one instruction where the host can. Faster, but the last bits of a sum
   * then depend on the host. @default false
   */
  readonly relaxed?: boolean
}

/**
 * The inner loops as WebAssembly on a memory.
 *
 * @throws {Error} If the host has no SIMD or forbids WebAssembly.
 */
export async function createKernels(
  memory: Memory,
  { relaxed = false }: KernelOptions = {},
): Promise<Kernels> {
  const shared = !(memory.buffer instanceof ArrayBuffer)
  const module = await compiledModule({ shared, relaxed })
  return kernelsOf(await instantiate(module, memory))
}

/**
 * The functions of a compiled module, on a memory.
 *
 * @throws {Error} If the host forbids WebAssembly.
 */
export async function instantiate(
  module: WebAssembly.Module,
  { host }: Pick<Memory, 'host'>,
): Promise<Exports> {
  try {
    const { exports } = await WebAssembly.instantiate(module, { host: { memory: host } })
    return exports as Exports
  } catch (cause) {
    throw forbidden(cause)
  }
}
