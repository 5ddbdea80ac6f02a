import type { Tinypool } from 'tinypool'

const NAME = 'tinypool'

/** Loads tinypool, an optional peer. Throws, with the way to install it, where it is missing. */
export async function loadTinypool(): Promise<typeof Tinypool> {
  try {
    // By a variable: bundlers would look for a package that need not be there.
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ NAME)).default
  } catch (cause) {
    throw new Error(
      'Cannot sweep in processes: expected the package tinypool, got none: npm install tinypool@2',
      { cause },
    )
  }
}
