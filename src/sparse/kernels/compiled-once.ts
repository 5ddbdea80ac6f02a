import { forbidden, noMemory, noSimd } from './host-errors.js'

/** Modules of this process: any number of networks compile the code once. */
const modules = new Map<string, Promise<WebAssembly.Module>>()

/**
 * The module of a name, compiled when it is first asked for.
 *
 * @throws {Error} If the host has no SIMD or forbids WebAssembly.
 */
export function compiledOnce(
  name: string,
  encode: () => Uint8Array<ArrayBuffer>,
): Promise<WebAssembly.Module> {
  const known = modules.get(name)
  if (known) return known
  const compiling = compile(encode)
  modules.set(name, compiling)
  compiling.catch(() => modules.delete(name)) // another try may find more memory
  return compiling
}

// Asynchronous: browsers refuse to compile more than 4 kB at once on the main thread.
async function compile(encode: () => Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === 'undefined') throw noSimd()
  const bytes = encode()
  if (!WebAssembly.validate(bytes)) throw noSimd()
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw cause instanceof RangeError ? noMemory(bytes.length, cause) : forbidden(cause)
  }
}
