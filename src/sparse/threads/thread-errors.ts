const task = 'compile a sparse network with threads'
const remedy = 'or leave the option threads out'

/** Throws where memory cannot be shared: an old host, or a page that is not isolated. */
export function checkShared(): void {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean }
  if (crossOriginIsolated === false) {
    const wanted = 'a page that is cross-origin isolated (crossOriginIsolated)'
    const headers =
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'
    throw new Error(
      `Cannot ${task}: expected ${wanted}, got one that is not; serve it with the headers ` +
        `${headers}, ${remedy}`,
    )
  }
  if (typeof SharedArrayBuffer === 'function') return
  const wanted = 'a host with SharedArrayBuffer'
  throw new Error(`Cannot ${task}: expected ${wanted}, got one without; use another, ${remedy}`)
}

/** The host has neither workers of the web nor those of Node. */
export function noWorkers(): Error {
  const got = 'one without; use another'
  return new Error(`Cannot ${task}: expected a host with workers, got ${got}, ${remedy}`)
}

/** A worker does not start: too little memory, or a Content-Security-Policy. */
export function notStarted(cause: unknown): Error {
  const policy = 'a page with a Content-Security-Policy has to allow blob: in worker-src'
  const got = `one that does not start (${messageOf(cause)})`
  return new Error(`Cannot ${task}: expected a worker, got ${got}; ${policy}, ${remedy}`, { cause })
}

/** A worker has failed or ended in the middle of its work. */
export function lostThread(got: string): Error {
  const remedy = 'dispose of the network and compile it again'
  return new Error(`Cannot predict: expected threads that work, got one that ${got}; ${remedy}`)
}

function messageOf(cause: unknown): string {
  const { message } = (cause ?? {}) as { message?: unknown }
  return typeof message === 'string' && message !== '' ? message : 'no reason given'
}
