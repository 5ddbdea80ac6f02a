import { assemble } from '../../internal/assembler.js'
import { kernelFunctions } from './code/functions.js'
import { forbidden, noMemory, noSimd } from './host-errors.js'

export interface CodeOptions {
  readonly shared: boolean
  readonly relaxed: boolean
}

/** Modules of this process: any number of networks compile the code once. */
const modules = new Map<string, Promise<WebAssembly.Module>>()

/**
 * The compiled kernels. Relaxed instructions are left out where the host has none.
 *
 * @throws {Error} If the host has no SIMD or forbids WebAssembly.
 */
export function compiledModule({ shared, relaxed }: CodeOptions): Promise<WebAssembly.Module> {
  const key = `${shared} ${relaxed}`
  const known = modules.get(key)
  if (known) return known
  const compiling = compile({ shared, relaxed })
  modules.set(key, compiling)
  compiling.catch(() => modules.delete(key)) // another try may find more memory
  return compiling
}

// Asynchronous: browsers refuse to compile more than 4 kB at once on the main thread.
async function compile({ shared, relaxed }: CodeOptions): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === 'undefined') throw noSimd()
  const encode = (relaxed: boolean) => assemble(kernelFunctions({ relaxed }), { shared })
  const wanted = encode(relaxed)
  const bytes = relaxed && !WebAssembly.validate(wanted) ? encode(false) : wanted
  if (!WebAssembly.validate(bytes)) throw noSimd()
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw cause instanceof RangeError ? noMemory(bytes.length, cause) : forbidden(cause)
  }
}
