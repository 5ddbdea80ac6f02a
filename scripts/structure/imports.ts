/** A tree of source files, and who imports whom. Imports of types count as well. */
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** Text by path; paths begin at the root of the tree, `losses/focal.ts`. */
export type Tree = ReadonlyMap<string, string>

/** One import of a file of the tree by another. */
export interface Import {
  readonly from: string
  readonly to: string
}

/** All imports between the files of a tree, in its order. */
export function importsOf(tree: Tree): readonly Import[] {
  return [...tree].flatMap(([from, text]) =>
    ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) => fileName)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({ from, to: join(dirname(from), specifier).replace(/\.js$/, '.ts') })),
  )
}

/** Folder of a file; a file at the root stands for itself, and every `index.ts` is an entry. */
export function folderOf(file: string): string {
  if (file === 'index.ts' || file.endsWith('/index.ts')) return ENTRY
  return file.includes('/') ? dirname(file) : file
}

/** The place of the entry points: above everything, imported by nobody. */
export const ENTRY = 'index.ts'
