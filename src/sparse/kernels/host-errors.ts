const task = 'compile a sparse network'

/** The host has no WebAssembly, or one without SIMD. */
export function noSimd(): Error {
  const wanted = 'a host with WebAssembly SIMD (Node, or a browser since 2021, Safari since 16.4)'
  return new Error(`Cannot ${task}: expected ${wanted}, got one without; predict with tfjs there`)
}

/** A page's Content-Security-Policy, or a setting of the host, forbids WebAssembly. */
export function forbidden(cause: unknown): Error {
  const wanted = "'wasm-unsafe-eval' in script-src of the page's Content-Security-Policy"
  const got = `a host that refuses WebAssembly (${messageOf(cause)})`
  return new Error(`Cannot ${task}: expected ${wanted}, got ${got}`, { cause })
}

const fewerBytes = 'compile for a smaller batch, or dispose of networks that are not needed'

/** The host refuses so many bytes. */
export function noMemory(bytes: number, cause?: unknown, hint = fewerBytes): RangeError {
  const wanted = `${(bytes / 2 ** 20).toFixed(1)} MB of memory for the network and its values`
  return new RangeError(`Cannot ${task}: expected ${wanted}, got a host that refuses; ${hint}`, {
    cause,
  })
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
