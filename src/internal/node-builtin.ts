/**
 * A module that is part of Node, e.g. `node:zlib`; undefined elsewhere. It is looked up, not
 * imported: bundlers for browsers would stumble over an import.
 */
export function nodeBuiltin<T>(name: string): T | undefined {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?: (id: string) => T | undefined }
  }
  return process?.getBuiltinModule?.(name)
}
