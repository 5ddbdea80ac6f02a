/** The backends that the command line computes on; `auto` takes wasm where it is installed. */
export const backendNames = ['auto', 'wasm', 'cpu'] as const

/** One of them. */
export type BackendName = (typeof backendNames)[number]
