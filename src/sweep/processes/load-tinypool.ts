import type { Tinypool } from 'tinypool'

/** Loads tinypool, an optional peer. Throws, with the way to install it, where it is missing. */
export async function loadTinypool(): Promise<typeof Tinypool> {
  try {
    return (await import('tinypool')).default
  } catch (cause) {
    throw new Error(
      'Cannot sweep in processes: expected the package tinypool, got none: npm install tinypool@2',
      { cause },
    )
  }
}
